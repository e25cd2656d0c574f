// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/**
 * The limit of calls over sockets: 64 bytes go to another JVM and back.
 *
 * <p><b>Threads:</b> one thread uses it.
 */
final class SocketPingPong implements Way {
    private static final int BYTES = 64;

    /** Long enough never to sleep within a run, short enough to be asleep when others are measured. */
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final ChildSocket child;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BYTES);
    private long number;

    private SocketPingPong(Pair pair, String transport, long pollNanos) throws Exception {
        child = ChildSocket.open(
                ChildSocket.family(transport),
                place -> pair.start(transport, place, at -> answer(at, pollNanos)),
                pollNanos);
    }

    /** Both ends poll. */
    static Way polling(Pair pair, String transport) throws Exception {
        return new SocketPingPong(pair, transport, POLL_NANOS);
    }

    /** Both ends sleep at once until something comes. */
    static Way blocking(Pair pair, String transport) throws Exception {
        return new SocketPingPong(pair, transport, 0);
    }

    @Override
    public long step() throws IOException {
        PolledSocket socket = child.socket();
        buffer.clear().putLong(0, ++number);
        socket.write(buffer);
        buffer.clear();
        socket.readAtLeast(buffer, BYTES);
        return buffer.getLong(0);
    }

    @Override
    public void close() {
        child.close();
    }

    /** The other end: sends back what it receives, until the socket ends. */
    private static void answer(String place, long pollNanos) throws IOException {
        try (PolledSocket socket = ChildSocket.connect(place, pollNanos)) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(BYTES);
            while (socket.read(buffer)) {
                if (!buffer.hasRemaining()) {
                    socket.write(buffer.flip());
                    buffer.clear();
                }
            }
        }
    }
}
