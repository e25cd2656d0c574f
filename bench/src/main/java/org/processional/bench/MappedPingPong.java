// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/**
 * The limit of {@code process.invoke.shm}: 64 bytes go to another JVM and back through a mapped file, both ends spin.
 *
 * <p><b>Threads:</b> one thread uses it.
 */
final class MappedPingPong implements Way {
    private static final int BYTES = 64;

    /** Long enough never to sleep within a run, short enough to be asleep when others are measured. */
    private static final long SPIN_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final MappedLine line = MappedLine.open(Child.class, SPIN_NANOS);
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BYTES);
    private long number;

    MappedPingPong() throws IOException {}

    @Override
    public long step() {
        buffer.putLong(0, ++number);
        line.outgoing().put(0, buffer, 0, BYTES);
        line.send();
        line.receive();
        buffer.put(0, line.incoming(), 0, BYTES);
        return buffer.getLong(0);
    }

    @Override
    public void close() {
        line.close();
    }

    /** The other end: sends back what it receives. */
    static final class Child {
        private Child() {}

        /**
         * Runs until its standard input ends.
         *
         * @param args the path of the file
         */
        public static void main(String[] args) throws IOException {
            MappedLine.serve(args[0], SPIN_NANOS, (incoming, outgoing) -> outgoing.put(0, incoming, 0, BYTES));
        }
    }
}
