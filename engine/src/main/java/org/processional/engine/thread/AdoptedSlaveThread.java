// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.thread;

import java.lang.ref.Reference;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.processional.SlaveThreadOptions;
import org.processional.engine.EngineTime;

/**
 * A thread of somebody else that runs tasks whenever it calls {@code step} or {@code loop}.
 *
 * <p>Closed by another thread, it has the close limit to step through what is queued; after that the rest fails, and at
 * once if the thread has died. Closed by itself outside its tasks, it runs the rest there and then.
 *
 * <p><b>Threads:</b> as {@link org.processional.SlaveThread}.
 */
final class AdoptedSlaveThread extends QueuedSlaveThread {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final ParkingBell bell;
    private final Thread owner;

    private AdoptedSlaveThread(TaskQueue queue, ParkingBell bell, Thread owner) {
        super(queue, () -> queue.stop(null)); // without the handle nobody can step
        this.bell = bell;
        this.owner = owner;
    }

    /** Adopts the calling thread. */
    static AdoptedSlaveThread adopt(SlaveThreadOptions options) {
        Thread owner = Thread.currentThread();
        @Nullable String name = options.name();
        ParkingBell bell = new ParkingBell(options.waiting(), false);
        bell.consumer(owner);
        TaskQueue queue =
                new TaskQueue(name != null ? name : "processional-adopted-" + COUNT.incrementAndGet(), options, bell);
        return new AdoptedSlaveThread(queue, bell, owner);
    }

    @Override
    public int step() {
        requireOwner("step");
        try {
            int count = queue.runQueued(Long.MAX_VALUE, Long.MAX_VALUE);
            if (!queue.isOpen()) {
                finish();
            }
            return count;
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public void loop() {
        requireOwner("loop");
        boolean before = Thread.interrupted(); // meant for what the thread did before
        try {
            bell.serve(queue);
            queue.terminateIfDrained();
        } finally {
            if (before) {
                owner.interrupt();
            }
            Running.interruptAgain(); // where a task called this
            Reference.reachabilityFence(this);
        }
    }

    private void requireOwner(String what) {
        if (!queue.isCurrent()) {
            throw new IllegalStateException(what + " of slave " + queue.name() + " was called by thread "
                    + Thread.currentThread().getName() + "; it is for the adopted thread, " + owner.getName());
        }
    }

    @Override
    void awaitEnd() {
        stopIfDead();
        queue.awaitEndOrStop();
    }

    /** Nobody would ever run what enters then. */
    @Override
    void beforeTask() {
        stopIfDead();
    }

    private void stopIfDead() {
        if (!owner.isAlive()) {
            queue.stop(new IllegalStateException("the adopted thread, " + owner.getName() + ", has ended"));
        }
    }

    @Override
    void closeInPlace() {
        queue.closeAlone();
        finish();
    }

    /** Runs the rest, now that nothing new comes; within a task, what encloses it will. */
    private void finish() {
        if (queue.isRunning()) {
            return;
        }
        long start = EngineTime.nanos();
        long rest = queue.closeNanos();
        while (!queue.isDrained() && rest > 0) {
            queue.runQueued(Long.MAX_VALUE, rest);
            Thread.onSpinWait(); // somebody may be about to publish what was claimed before the end
            rest = queue.closeNanos() - (EngineTime.nanos() - start);
        }
        if (!queue.isDrained()) {
            queue.stop(null);
        }
        queue.terminateIfDrained();
    }
}
