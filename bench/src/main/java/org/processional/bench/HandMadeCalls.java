// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The floor of calls over sockets: the caller writes a lambda, and reads the socket itself; the other end reads it, runs it
 * and answers. Both ends poll for a while, then sleep.
 *
 * <p><b>Threads:</b> one thread uses it.
 */
final class HandMadeCalls implements Way {
    private final ChildSocket child;
    private final int batch;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(HandMadeFrames.BATCH_BYTES);
    private final HandMadeLambdas lambdas = new HandMadeLambdas();
    private int number;

    /**
     * Opens it.
     *
     * @param batch how many calls are sent before their answers are read; both fit into the buffers of a socket
     */
    private HandMadeCalls(ChildSocket child, int batch) {
        this.child = child;
        this.batch = batch;
    }

    /** Calls one at a time. */
    static Way single(Pair pair, String transport) throws Exception {
        return batches(pair, transport, 1);
    }

    /** Calls in batches. */
    static Way batches(Pair pair, String transport, int batch) throws Exception {
        return new HandMadeCalls(
                ChildSocket.open(
                        ChildSocket.family(transport),
                        place -> pair.start(transport, place, HandMadeCalls::serve),
                        Threads.SPIN_NANOS),
                batch);
    }

    /** Calls one at a time; both ends sleep at once until something comes. */
    static Way blocking(Pair pair, String transport) throws Exception {
        return new HandMadeCalls(
                ChildSocket.open(
                        ChildSocket.family(transport), place -> pair.start(transport, place, at -> serve(at, 0)), 0),
                1);
    }

    /** Calls one at a time, with a JVM of their own at the other end. */
    static Way inChildOf(ChildSocket child) {
        return new HandMadeCalls(child, 1);
    }

    @Override
    public long step() throws IOException {
        PolledSocket socket = child.socket();
        buffer.clear();
        for (int i = 0; i < batch; i++) {
            HandMadeFrames.request(buffer, lambdas, function(number++));
        }
        socket.write(buffer.flip());
        int answers = batch * HandMadeFrames.ANSWER_BYTES;
        buffer.clear().limit(answers);
        socket.readAtLeast(buffer, answers);
        return lastResult(buffer.flip());
    }

    /** What is sent: the function of all rows. */
    static HandMadeLambdas.Function function(int captured) {
        String capturedToo = ThreadWays.TEXT;
        return () -> captured + capturedToo.length();
    }

    /** Looks through answers, and returns the result of the last. */
    static int lastResult(ByteBuffer answers) {
        int result = 0;
        while (answers.hasRemaining()) {
            if (answers.get() != HandMadeFrames.DONE) {
                throw new IllegalStateException("the function failed in the other JVM");
            }
            result = answers.getInt();
        }
        return result;
    }

    @Override
    public void close() {
        child.close();
    }

    /** The other end: runs what is asked for, until the socket ends. */
    static void serve(String place) throws IOException {
        serve(place, Threads.SPIN_NANOS);
    }

    private static void serve(String place, long pollNanos) throws IOException {
        try (PolledSocket socket = ChildSocket.connect(place, pollNanos)) {
            ByteBuffer requests = ByteBuffer.allocateDirect(HandMadeFrames.BATCH_BYTES);
            ByteBuffer answers = ByteBuffer.allocateDirect(HandMadeFrames.BATCH_BYTES);
            HandMadeLambdas lambdas = new HandMadeLambdas();
            while (socket.read(requests)) {
                answer(lambdas, requests.flip(), answers.clear());
                requests.compact();
                socket.write(answers.flip());
            }
        }
    }

    /** Runs all whole requests that are there. */
    static void answer(HandMadeLambdas lambdas, ByteBuffer requests, ByteBuffer answers) {
        int bytes;
        while ((bytes = HandMadeFrames.requestBytes(requests)) <= requests.remaining()) {
            int result = 0;
            byte outcome = HandMadeFrames.DONE;
            int begin = requests.position();
            try {
                requests.position(begin + HandMadeFrames.FUNCTION);
                result = lambdas.read(requests).call();
            } catch (RuntimeException e) {
                outcome = HandMadeFrames.FAILED; // the caller throws
            }
            HandMadeFrames.answer(answers, outcome, result);
            requests.position(begin + bytes);
        }
    }

    /** A JVM with the other end alone, for {@code spawn}. */
    static final class Child {
        private Child() {}

        /**
         * Runs until the socket ends.
         *
         * @param args the place of the socket
         */
        public static void main(String[] args) throws IOException {
            serve(args[0]);
        }
    }
}
