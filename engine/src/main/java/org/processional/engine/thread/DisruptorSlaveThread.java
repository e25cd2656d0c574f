// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.thread;

import java.util.concurrent.atomic.AtomicInteger;
import org.processional.SlaveThreadOptions;

/**
 * A slave thread that has a thread of its own, which takes its tasks from a ring of the LMAX Disruptor.
 *
 * <p><b>Threads:</b> as {@link org.processional.SlaveThread}.
 */
final class DisruptorSlaveThread extends QueuedSlaveThread {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private DisruptorSlaveThread(TaskQueue queue) {
        super(queue, queue::closeAlone);
    }

    /** Starts one. */
    static DisruptorSlaveThread start(SlaveThreadOptions options) {
        String name = options.name() != null ? options.name() : "processional-slave-" + COUNT.incrementAndGet();
        ParkingBell bell = new ParkingBell(options.waiting(), true);
        TaskQueue queue = new TaskQueue(name, options, bell);
        Thread thread = new ProcessionalThread(() -> serve(bell, queue), name, options.detach(), false);
        bell.consumer(thread);
        thread.start();
        return new DisruptorSlaveThread(queue);
    }

    private static void serve(ParkingBell bell, TaskQueue queue) {
        bell.serve(queue);
        queue.terminateIfDrained();
    }

    @Override
    public int step() {
        throw notAdopted();
    }

    @Override
    public void loop() {
        throw notAdopted();
    }

    private IllegalStateException notAdopted() {
        return new IllegalStateException("slave thread " + queue.name() + " runs its tasks by itself;"
                + " step and loop are for threads made slaves by adoptThread()");
    }
}
