// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.nio.ByteBuffer;
import org.processional.CodecException;
import org.processional.spi.FrameOutput;
import org.processional.spi.Substitution;

/**
 * What stands for a proxy on the wire: the number of the object (i64), and the identity of its owner.
 *
 * <p><b>Threads:</b> from any thread.
 */
final class ProxySubstitution implements Substitution {
    private final Peer peer;

    ProxySubstitution(Peer peer) {
        this.peer = peer;
    }

    @Override
    public byte[] replace(Object proxy) {
        if (proxy instanceof OwnedProxy<?> own) {
            return bytes(own.sendTo(peer), Identity.ID);
        }
        if (proxy instanceof RemoteProxy<?> remote) {
            if (!remote.ownerId().equals(peer.partner().id())) {
                throw new CodecException("a proxy of an object of process " + remote.ownerId() + " cannot go to "
                        + peer.remoteName() + ", which is not its owner; send a copy with get()");
            }
            return bytes(remote.number(), remote.ownerId());
        }
        throw new CodecException(
                "a proxy of unknown kind cannot travel: " + proxy.getClass().getName());
    }

    private static byte[] bytes(long number, String owner) {
        FrameOutput out = new FrameOutput(64, 64);
        out.putLong(number);
        out.putString(owner);
        ByteBuffer frame = out.frame();
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        return bytes;
    }

    @Override
    public Object resolve(byte[] bytes) {
        ByteBuffer from = ByteBuffer.wrap(bytes);
        if (from.remaining() < 9) {
            throw new CodecException("damaged message: a proxy of " + bytes.length + " bytes");
        }
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
