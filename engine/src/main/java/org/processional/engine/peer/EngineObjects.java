// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;
import org.processional.Proxy;
import org.processional.engine.memory.Flights;
import org.processional.engine.memory.LargeValues;
import org.processional.engine.memory.MemoryReference;
import org.processional.spi.FrameOutput;
import org.processional.spi.Stub;
import org.processional.spi.Substitution;

/**
 * What stands for objects of the engine on the wire.
 *
 * <pre>
 * proxy:  1 u8 | number of the object i64 | identity of its owner string
 * memory: 2 u8 | {@link MemoryReference}
 * array:  3 u8 | {@link LargeValues}
 * object: 4 u8 | number of the object i64: a stand-in goes home, and becomes the object itself
 * </pre>
 *
 * <p><b>Threads:</b> from any thread.
 */
final class EngineObjects implements Substitution {
    private static final int PROXY = 1;
    private static final int MEMORY = 2;
    private static final int ARRAY = 3;
    private static final int OBJECT = 4;
    private static final int LONGEST = 255;

    private final Peer peer;
    private final Flights flights = new Flights();
    private final LargeValues large;

    EngineObjects(Peer peer) {
        this.peer = peer;
        this.large = new LargeValues(peer::sees, flights);
    }

    /** The connection has ended. */
    void close() {
        flights.close();
        large.close();
    }

    @Override
    public byte @Nullable [] replace(Object object) {
        FrameOutput out = new FrameOutput(64, LONGEST);
        if (object instanceof Proxy<?> proxy) {
            out.putByte(PROXY);
            writeProxy(proxy, out);
        } else if (object instanceof Stub) {
            out.putByte(OBJECT);
            out.putLong(numberOf(object));
        } else if (object.getClass().isArray()) {
            out.putByte(ARRAY);
            if (!large.write(object, out)) {
                return null;
            }
        } else {
            out.putByte(MEMORY);
            boolean written = MemoryReference.write(object, out, flights)
                    || object instanceof ByteBuffer buffer
                            && large.isLarge(buffer)
                            && MemoryReference.writeCopy(buffer, out, flights);
            if (!written) {
                return null;
            }
        }
        ByteBuffer frame = out.frame();
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        return bytes;
    }

    private void writeProxy(Proxy<?> proxy, FrameOutput out) {
        if (proxy instanceof OwnedProxy<?> own) {
            out.putLong(own.sendTo(peer));
            out.putString(Identity.ID);
        } else if (proxy instanceof RemoteProxy<?> remote) {
            out.putLong(numberAtHome(remote));
            out.putString(remote.ownerId());
        } else {
            throw new CodecException(
                    "a proxy of unknown kind cannot travel: " + proxy.getClass().getName());
        }
    }

    private long numberOf(Object stub) {
        RemoteProxy<?> remote = StubCalls.proxyOf(stub);
        if (remote == null) {
            throw new CodecException("a stand-in of unknown kind cannot travel: "
                    + stub.getClass().getName());
        }
        return numberAtHome(remote);
    }

    /** The number of an object of the other end. */
    private long numberAtHome(RemoteProxy<?> remote) {
        if (!remote.ownerId().equals(peer.partner().id())) {
            throw new CodecException("a proxy of an object of process " + remote.ownerId() + " cannot go to "
                    + peer.remoteName() + ", which is not its owner; send a copy with get()");
        }
        return remote.number();
    }

    @Override
    public @Nullable Object resolve(byte[] bytes) {
        ByteBuffer from = ByteBuffer.wrap(bytes);
        int kind = from.hasRemaining() ? from.get() : 0;
        if (kind == PROXY && from.remaining() >= 9) {
            return readProxy(from);
        }
        if (kind == OBJECT && from.remaining() == 8) {
            return peer.exports().find(from.getLong()).object;
        }
        if (kind == MEMORY) {
            return MemoryReference.read(from);
        }
        if (kind == ARRAY) {
            return large.read(from);
        }
        throw new CodecException("damaged message: " + bytes.length + " bytes in place of a proxy or shared memory");
    }

    @Override
    public void forget(byte[] bytes) {
        ByteBuffer from = ByteBuffer.wrap(bytes);
        switch (from.get()) {
            case PROXY -> {
                long number = from.getLong();
                if (FrameOutput.readString(from).equals(Identity.ID)) {
                    peer.exports().release(peer.held(), number, 1);
                }
            }
            case MEMORY -> MemoryReference.forget(from, flights);
            case OBJECT -> {
                // the proxy behind the stand-in holds it
            }
            default -> large.forget(from);
        }
    }

    private Object readProxy(ByteBuffer from) {
        long number = from.getLong();
        String owner = FrameOutput.readString(from);
        if (owner.equals(Identity.ID)) {
            return new OwnedProxy<>(peer.exports(), peer.exports().find(number));
        }
        if (owner.equals(peer.partner().id())) {
            return new RemoteProxy<>(new ProcessCalls(peer), number);
        }
        throw new CodecException(
                "a proxy of process " + owner + " arrived from " + peer.remoteName() + ", which is not its owner");
    }
}
