// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.thread;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The bell of a consumer that is an event loop: it posts a run to the loop, unless one is posted already.
 *
 * <p>A run takes its mark away first, then looks for what is claimed; a producer claims, which is a fence, writes the
 * task, then looks for the mark: so whoever finds a mark is sure of a run that has yet to look. Since the mark is gone
 * while tasks run, a task that runs the loop itself (a modal dialog) does not stop the ones behind it.
 *
 * <p>A run is short, so that the loop gets to its other events in between.
 *
 * <p><b>Threads:</b> {@code ring} from any thread; the runs by the loop.
 */
final class LoopBell extends Bell {
    private static final long TASKS_PER_RUN = 64;
    private static final long RUN_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private static final VarHandle POSTED;

    static {
        try {
            POSTED = MethodHandles.lookup().findVarHandle(LoopBell.class, "posted", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Executor loop;
    private final BooleanSupplier onLoop;
    private @Nullable TaskQueue queue; // written once, before anything is published
    private volatile boolean posted; // set by who rings, cleared by the loop
    private volatile @Nullable Thread running; // tasks of the loop, now; written by the loop, as the next two
    private volatile @Nullable Thread only; // which ran all of them so far
    private volatile boolean several; // have run some: the loop has no thread of its own

    LoopBell(Executor loop, BooleanSupplier onLoop) {
        this.loop = loop;
        this.onLoop = onLoop;
    }

    @Override
    void serves(TaskQueue queue) {
        this.queue = queue;
    }

    @Override
    @Nullable
    Thread consumer() {
        Thread now = running;
        return now != null || several ? now : only;
    }

    @Override
    boolean isCurrent() {
        return onLoop.getAsBoolean();
    }

    @Override
    boolean hasOwnThread() {
        return false;
    }

    @Override
    void ring() {
        if (!posted && POSTED.compareAndSet(this, false, true)) {
            try {
                loop.execute(this::runSome);
            } catch (Throwable e) { // rejected: the mark stays, nothing is posted any more
                tasks().stop(e);
            }
        }
    }

    private TaskQueue tasks() {
        return Objects.requireNonNull(queue, "serves() comes first");
    }

    private void runSome() {
        posted = false;
        VarHandle.fullFence();
        TaskQueue tasks = tasks();
        Thread before = running; // of a loop that is run within a task
        Thread self = Thread.currentThread();
        running = self;
        if (only != self && !several) {
            several = only != null;
            only = self;
        }
        try {
            tasks.runQueued(TASKS_PER_RUN, RUN_NANOS);
        } finally {
            running = before;
        }
        tasks.terminateIfDrained();
        if (!tasks.isStopped() && tasks.isClaimed()) { // else who runs the loop within a task ends it
            ring();
        }
    }
}
