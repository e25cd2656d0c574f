// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.thread;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.processional.SlaveThreadOptions;

/**
 * An event loop of somebody else, such as that of a GUI, which runs the tasks between its other events.
 *
 * <p><b>Threads:</b> as {@link org.processional.SlaveThread}.
 */
final class LoopSlaveThread extends QueuedSlaveThread {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private LoopSlaveThread(TaskQueue queue) {
        super(queue, queue::closeAlone);
    }

    /** Adopts a loop. */
    static LoopSlaveThread adopt(SlaveThreadOptions options, Executor loop, BooleanSupplier onLoop) {
        Objects.requireNonNull(loop, "loop");
        Objects.requireNonNull(onLoop, "onLoop");
        String name = options.name() != null ? options.name() : "processional-loop-" + COUNT.incrementAndGet();
        return new LoopSlaveThread(new TaskQueue(name, options, new LoopBell(loop, onLoop)));
    }

    @Override
    public int step() {
        if (!queue.isCurrent()) {
            throw new IllegalStateException("step of slave " + queue.name() + " was called by thread "
                    + Thread.currentThread().getName() + "; its event loop runs the tasks by itself");
        }
        int count = queue.runQueued(Long.MAX_VALUE, Long.MAX_VALUE);
        queue.terminateIfDrained();
        return count;
    }

    @Override
    public void loop() {
        throw new IllegalStateException("slave " + queue.name() + " is run by the event loop that it was made of;"
                + " loop() is for threads made slaves by adoptThread()");
    }
}
