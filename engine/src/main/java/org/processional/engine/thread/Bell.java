// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.thread;

import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.WaitStrategy;

/**
 * How the consumer of a queue learns that there is something to do. The ring rings it after each publication.
 *
 * <p><b>Threads:</b> {@code ring} from any thread; it never throws, and is a full fence.
 */
abstract class Bell implements WaitStrategy {
    /** Tells which queue this is the bell of; once, before all else. */
    void serves(TaskQueue queue) {}

    /** Makes the consumer look at the queue and its state. */
    abstract void ring();

    /** Whether the calling thread is the one that consumes. */
    abstract boolean isCurrent();

    /** Whether the consumer has a thread of its own, which surely comes to the end of the queue. */
    abstract boolean hasOwnThread();

    @Override
    public final void signalAllWhenBlocking() {
        ring();
    }

    /** For event processors of the Disruptor, which are not used here: tells what there is, without waiting. */
    @Override
    public final long waitFor(long sequence, Sequence cursor, Sequence dependent, SequenceBarrier barrier) {
        return dependent.get();
    }
}
