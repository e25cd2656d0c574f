// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Raw bytes over a socket: so many go to another JVM, and when they are all there, so many come back. Both ends poll for
 * a while, then sleep.
 *
 * <pre>The first message tells how many: 0: there i32 | 4: back i32</pre>
 *
 * <p><b>Threads:</b> one thread uses it.
 */
final class SocketBulk implements Way {
    private static final int HEAD = 8;

    private final ChildSocket child;
    private final ByteBuffer there;
    private final ByteBuffer back;
    private byte number;

    private SocketBulk(Pair pair, String transport, int bytesThere, int bytesBack) throws Exception {
        child = ChildSocket.open(
                ChildSocket.family(transport),
                place -> pair.start(transport, place, SocketBulk::answer),
                Threads.SPIN_NANOS);
        there = ByteBuffer.allocateDirect(bytesThere);
        back = ByteBuffer.allocateDirect(bytesBack);
        child.socket()
                .write(ByteBuffer.allocate(HEAD)
                        .putInt(bytesThere)
                        .putInt(bytesBack)
                        .flip());
    }

    /** Opens it. */
    static Way of(Pair pair, String transport, int bytesThere, int bytesBack) throws Exception {
        return new SocketBulk(pair, transport, bytesThere, bytesBack);
    }

    @Override
    public long step() throws IOException {
        there.clear().put(0, ++number);
        child.socket().write(there);
        back.clear();
        child.socket().readAtLeast(back, back.capacity());
        return back.get(0);
    }

    @Override
    public void close() {
        child.close();
    }

    private static void answer(String place) throws IOException {
        try (PolledSocket socket = ChildSocket.connect(place, Threads.SPIN_NANOS)) {
            ByteBuffer head = ByteBuffer.allocate(HEAD);
            socket.readAtLeast(head, HEAD);
            ByteBuffer there = ByteBuffer.allocateDirect(head.getInt(0));
            ByteBuffer back = ByteBuffer.allocateDirect(head.getInt(4));
            while (socket.read(there)) {
                if (!there.hasRemaining()) {
                    back.clear().put(0, there.get(0));
                    socket.write(back);
                    there.clear();
                }
            }
        }
    }
}
