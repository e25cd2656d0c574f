// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The floor of {@code process.invoke.shm}: what {@link HandMadeCalls} does, through a mapped file. Both ends spin for a
 * while, then sleep.
 *
 * <p><b>Threads:</b> one thread uses it.
 */
final class MappedCalls implements Way {
    private final MappedLine line = MappedLine.open(Child.class, Threads.SPIN_NANOS);
    private final String text = ThreadWays.TEXT;
    private int number;

    MappedCalls() throws IOException {}

    @Override
    public long step() {
        HandMadeFrames.request(line.outgoing(), HandMadeCalls.PLUS_LENGTH, number++, text);
        line.send();
        line.receive();
        if (line.incoming().get(HandMadeFrames.OUTCOME) != HandMadeFrames.DONE) {
            throw new IllegalStateException("the function failed in the child JVM");
        }
        return line.incoming().getInt(HandMadeFrames.RESULT);
    }

    @Override
    public void close() {
        line.close();
    }

    /** The other end: runs what is asked for. */
    static final class Child {
        private Child() {}

        /**
         * Runs until its standard input ends.
         *
         * @param args the path of the file
         */
        public static void main(String[] args) throws IOException {
            MappedLine.serve(args[0], Threads.SPIN_NANOS, Child::answer);
        }

        private static void answer(ByteBuffer incoming, ByteBuffer outgoing) {
            incoming.limit(incoming.capacity()).position(HandMadeFrames.FUNCTION);
            int bytes = HandMadeFrames.requestBytes(incoming);
            HandMadeCalls.answer(incoming, bytes, outgoing);
        }
    }
}
