// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.io.Serial;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The floor of calls over shared memory: what {@link HandMadeCalls} does, through a mapped file. Both ends spin for a
 * while, then sleep.
 *
 * <p><b>Threads:</b> one thread uses it.
 */
final class MappedCalls implements Way {
    private final MappedLine line;
    private final int batch;
    private final HandMadeLambdas lambdas = new HandMadeLambdas();
    private int number;

    private MappedCalls(Pair pair, int batch) throws Exception {
        line = MappedLine.open(pair, "shm", Threads.SPIN_NANOS, HandMadeFrames.BATCH_BYTES, new Answers());
        this.batch = batch;
    }

    /** Calls one at a time. */
    static Way single(Pair pair) throws Exception {
        return new MappedCalls(pair, 1);
    }

    /** Calls in batches. */
    static Way batches(Pair pair, int batch) throws Exception {
        return new MappedCalls(pair, batch);
    }

    @Override
    public long step() {
        ByteBuffer requests = line.outgoing();
        requests.clear().position(Integer.BYTES);
        for (int i = 0; i < batch; i++) {
            HandMadeFrames.request(requests, lambdas, HandMadeCalls.function(number++));
        }
        requests.putInt(0, requests.position());
        line.send();
        line.receive();
        ByteBuffer answers = line.incoming();
        return HandMadeCalls.lastResult(answers.clear().limit(batch * HandMadeFrames.ANSWER_BYTES));
    }

    /** The other end: a message begins with its length. */
    private static final class Answers implements MappedLine.Answer {
        @Serial
        private static final long serialVersionUID = 1L;

        private transient @Nullable HandMadeLambdas lambdas;

        @Override
        public void answer(ByteBuffer incoming, ByteBuffer outgoing) {
            if (lambdas == null) {
                lambdas = new HandMadeLambdas();
            }
            incoming.limit(incoming.getInt(0)).position(Integer.BYTES);
            HandMadeCalls.answer(lambdas, incoming, outgoing);
        }
    }

    @Override
    public void close() {
        line.close();
    }
}
