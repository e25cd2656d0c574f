// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/**
 * The limit of {@code process.invoke.unix} and {@code .tcp}: 64 bytes go to another JVM and back, both ends poll.
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

    private SocketPingPong(ChildSocket.Family family) throws IOException {
        child = ChildSocket.open(family, Child.class, POLL_NANOS);
    }

    static SocketPingPong unix() throws IOException {
        return new SocketPingPong(ChildSocket.Family.UNIX);
    }

    static SocketPingPong tcp() throws IOException {
        return new SocketPingPong(ChildSocket.Family.TCP);
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

    /** The other end: sends back what it receives. */
    static final class Child {
        private Child() {}

        /**
         * Runs until the socket ends.
         *
         * @param args the place of the socket
         */
        public static void main(String[] args) throws IOException {
            try (PolledSocket socket = ChildSocket.connect(args[0], POLL_NANOS)) {
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
}
