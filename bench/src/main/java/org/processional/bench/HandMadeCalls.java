// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The floor of {@code process.invoke.unix} and {@code .tcp}: the caller writes the captured values of a function that both ends know,
 * and reads the socket itself; the other end reads them, runs the function and answers. Both ends poll for a while,
 * then sleep.
 *
 * <p><b>Threads:</b> one thread uses it.
 */
final class HandMadeCalls implements Way {
    /** A function of what it captures. */
    @FunctionalInterface
    private interface Function {
        int apply(int number, String text);
    }

    /** The functions that both ends know, by index. */
    private static final List<Function> FUNCTIONS =
            List.of((number, text) -> number - text.length(), (number, text) -> number + text.length());

    static final int PLUS_LENGTH = 1;

    private final ChildSocket child;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(HandMadeFrames.LONGEST_REQUEST);
    private final String text = ThreadWays.TEXT;
    private int number;

    private HandMadeCalls(ChildSocket.Family family) throws IOException {
        child = ChildSocket.open(family, Child.class, Threads.SPIN_NANOS);
    }

    static HandMadeCalls unix() throws IOException {
        return new HandMadeCalls(ChildSocket.Family.UNIX);
    }

    static HandMadeCalls tcp() throws IOException {
        return new HandMadeCalls(ChildSocket.Family.TCP);
    }

    @Override
    public long step() throws IOException {
        PolledSocket socket = child.socket();
        HandMadeFrames.request(buffer, PLUS_LENGTH, number++, text);
        socket.write(buffer);
        buffer.clear();
        socket.readAtLeast(buffer, HandMadeFrames.ANSWER_BYTES);
        if (buffer.get(HandMadeFrames.OUTCOME) != HandMadeFrames.DONE) {
            throw new IllegalStateException("the function failed in the child JVM");
        }
        return buffer.getInt(HandMadeFrames.RESULT);
    }

    @Override
    public void close() {
        child.close();
    }

    /** The other end: runs what is asked for. */
    static final class Child {
        private Child() {}

        /**
         * Runs until the socket ends.
         *
         * @param args the place of the socket
         */
        public static void main(String[] args) throws IOException {
            try (PolledSocket socket = ChildSocket.connect(args[0], Threads.SPIN_NANOS)) {
                ByteBuffer buffer = ByteBuffer.allocateDirect(HandMadeFrames.LONGEST_REQUEST);
                while (socket.read(buffer)) {
                    int bytes = HandMadeFrames.requestBytes(buffer);
                    if (bytes > HandMadeFrames.FUNCTION && buffer.position() >= bytes) {
                        answer(buffer, bytes, buffer);
                        socket.write(buffer);
                        buffer.clear();
                    }
                }
            }
        }
    }

    /**
     * Runs a request.
     *
     * @param bytes its length
     * @param answer takes the answer; it may be the buffer of the request
     */
    static void answer(ByteBuffer request, int bytes, ByteBuffer answer) {
        int result = 0;
        byte outcome = HandMadeFrames.DONE;
        try {
            Function function = FUNCTIONS.get(request.getShort(HandMadeFrames.FUNCTION));
            result = function.apply(request.getInt(HandMadeFrames.NUMBER), HandMadeFrames.text(request, bytes));
        } catch (RuntimeException e) {
            outcome = HandMadeFrames.FAILED; // the caller throws
        }
        HandMadeFrames.answer(answer, outcome, result);
    }
}
