// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;
import org.processional.Proxy;
import org.processional.ProxyException;
import org.processional.engine.Log;
import org.processional.engine.memory.Flights;
import org.processional.engine.memory.LargeValues;
import org.processional.engine.memory.MemoryReference;
import org.processional.spi.FrameOutput;
import org.processional.spi.InputFilter;
import org.processional.spi.Stub;
import org.processional.spi.Substitution;

/**
 * What stands for objects of the engine on the wire.
 *
 * <pre>
 * proxy:   1 u8 | number i64: of an object of the sender; it has counted this
 * memory:  2 u8 | {@link MemoryReference}
 * array:   3 u8 | {@link LargeValues}
 * object:  4 u8 | number i64: a stand-in goes home, and becomes the object itself
 * home:    5 u8 | number i64: a proxy of an object of the receiver
 * third:   6 u8 | number i64 | owner string | process id of the owner i64: of an object of a third process
 * counted: 7 u8 | number i32: a proxy of the sender, memory or an array, which stands behind the body ({@link Cargo})
 * </pre>
 *
 * <p><b>Threads:</b> from any thread.
 */
final class EngineObjects implements Substitution, Cargo.Counts {
    private static final int PROXY = 1;
    private static final int MEMORY = 2;
    private static final int ARRAY = 3;
    private static final int OBJECT = 4;
    private static final int HOME = 5;
    private static final int THIRD = 6;
    private static final int COUNTED = 7;
    private static final int USUAL = 128; // a reference to shared memory, with the names of the host and the file
    private static final int LONGEST = 255;

    private final Peer peer;
    private final Flights flights = new Flights();
    private final LargeValues large;

    EngineObjects(Peer peer, InputFilter filter) {
        this.peer = peer;
        this.large = new LargeValues(peer::sees, flights, filter);
    }

    /** Whether the other end has not read all that was sent in memory. */
    boolean isBeingRead() {
        return flights.areOnTheWay();
    }

    /** The connection has ended. */
    void close() {
        large.close(); // before what is lent counts as arrived: it would be lent once more, while it is read
        flights.close();
    }

    @Override
    public byte @Nullable [] replace(Object object) {
        FrameOutput out = new FrameOutput(USUAL, LONGEST);
        if (object instanceof Proxy<?> proxy) {
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
        byte[] bytes = new byte[out.size()];
        out.room(0).get(0, bytes);
        return switch (bytes[0]) {
            case PROXY -> counted(bytes, Frames.CARRIES);
            case MEMORY, ARRAY -> counted(bytes, Frames.SHARES);
            case OBJECT -> bytes;
            default -> {
                Cargo.flag(Frames.CARRIES);
                yield bytes;
            }
        };
    }

    private static byte[] counted(byte[] reference, int flags) {
        int number = Cargo.add(reference, flags);
        return new byte[] {COUNTED, (byte) (number >>> 24), (byte) (number >>> 16), (byte) (number >>> 8), (byte) number
        };
    }

    private void writeProxy(Proxy<?> proxy, FrameOutput out) {
        if (proxy instanceof OwnedProxy<?> own) {
            out.putByte(PROXY);
            out.putLong(count(own));
        } else if (proxy instanceof RemoteProxy<?> remote) {
            boolean home = isHome(remote);
            out.putByte(home ? HOME : THIRD);
            out.putLong(remote.number());
            if (!home) {
                out.putString(remote.owner().id());
                out.putLong(remote.owner().pid());
            }
        } else {
            throw new CodecException(
                    "a proxy of unknown kind cannot travel: " + proxy.getClass().getName());
        }
    }

    private long count(OwnedProxy<?> own) {
        try {
            return own.sendTo(peer);
        } catch (ProxyException e) { // the other end has too many
            throw new CodecException(String.valueOf(e.getMessage()), e);
        }
    }

    private boolean isHome(RemoteProxy<?> remote) {
        return remote.owner().id().equals(peer.partner().id());
    }

    private long numberOf(Object stub) {
        RemoteProxy<?> remote = StubCalls.proxyOf(stub);
        if (remote == null) {
            throw new CodecException("a stand-in of unknown kind cannot travel: "
                    + stub.getClass().getName());
        }
        if (!isHome(remote)) {
            throw new CodecException("a stand-in of an object of process "
                    + remote.owner().pid() + " cannot go to " + peer.remoteName()
                    + ", which is not its owner; send the proxy, and call as() or stub() there");
        }
        return remote.number();
    }

    @Override
    public @Nullable Object resolve(byte[] bytes) {
        ByteBuffer from = ByteBuffer.wrap(bytes);
        int kind = from.hasRemaining() ? from.get() : 0;
        if (kind == COUNTED && from.remaining() == Integer.BYTES) {
            return Cargo.resolve(from.getInt(), this);
        }
        if (kind == THIRD && from.remaining() > Long.BYTES) {
            return readThird(from);
        }
        if ((kind == HOME || kind == OBJECT) && from.remaining() == Long.BYTES) {
            Exports.Entry entry = Exports.HERE.find(peer.held(), from.getLong());
            return kind == HOME ? new OwnedProxy<>(entry, false) : entry.object;
        }
        throw damaged(bytes.length);
    }

    @Override
    public Object read(ByteBuffer reference) {
        int kind = reference.get();
        if (kind == PROXY && reference.remaining() == Long.BYTES) {
            return new RemoteProxy<>(new ProcessCalls(peer), reference.getLong(), null);
        }
        return switch (kind) {
            case MEMORY -> MemoryReference.read(reference);
            case ARRAY -> large.read(reference);
            default -> throw damaged(1 + reference.remaining());
        };
    }

    private static CodecException damaged(int bytes) {
        return new CodecException("damaged message: " + bytes + " bytes in place of a proxy or shared memory");
    }

    @Override
    public void forget(byte[] bytes) {
        if (bytes[0] == COUNTED) { // else what was to be sent holds it
            uncount(Cargo.remove(ByteBuffer.wrap(bytes).getInt(1)));
        }
    }

    @Override
    public void uncount(byte[] reference) {
        ByteBuffer from = ByteBuffer.wrap(reference);
        switch (from.get()) {
            case PROXY -> Exports.HERE.release(peer.held(), from.getLong(), 1);
            case MEMORY -> MemoryReference.forget(from, flights);
            case ARRAY -> large.forget(from);
            default -> {} // it was forgotten before
        }
    }

    @Override
    public void giveBack(ByteBuffer reference) {
        if (!peer.isOpen()) { // what was on its way counts as arrived
            return;
        }
        try {
            switch (reference.get()) {
                case PROXY -> peer.release(reference.getLong());
                case MEMORY -> MemoryReference.giveBack(reference);
                case ARRAY -> LargeValues.giveBack(reference);
                default -> {} // it was forgotten before
            }
        } catch (RuntimeException e) { // what was read is not lost by that
            Log.engine().debug("what nobody reads could not be given back", e);
        }
    }

    private Object readThird(ByteBuffer from) {
        long number = from.getLong();
        RemoteProxy.Owner owner = new RemoteProxy.Owner(FrameOutput.readString(from), from.getLong());
        return owner.id().equals(Identity.ID)
                ? new OwnedProxy<>(Exports.HERE.find(peer.held(), number), false)
                : new RemoteProxy<>(owner, number);
    }
}
