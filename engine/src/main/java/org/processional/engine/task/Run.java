// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.task;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Something that runs once, on one thread, and until then can be taken out of its queue, and meanwhile be interrupted.
 *
 * <p>QUEUED goes to RUNNING or to DEQUEUED; RUNNING to ENDED, by way of INTERRUPTING and INTERRUPTED if somebody
 * interrupts. An interrupt is delivered to this run or not at all: who ends the run waits for an interrupt that has
 * begun, then clears the flag, so that none leaks into what the thread does next.
 *
 * <p><b>Threads:</b> {@code begin} and {@code finish} by the thread that runs it, the rest from any thread.
 */
public abstract class Run {
    private static final int QUEUED = 0;
    private static final int RUNNING = 1;
    private static final int INTERRUPTING = 2;
    private static final int INTERRUPTED = 3;
    private static final int ENDED = 4;

    private static final VarHandle PHASE;

    static {
        try {
            PHASE = MethodHandles.lookup().findVarHandle(Run.class, "phase", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile int phase; // by PHASE
    private @Nullable Thread runner; // written before RUNNING, read after

    /**
     * Begins the run on the calling thread.
     *
     * @return false if it was taken out of the queue
     */
    protected final boolean begin() {
        runner = Thread.currentThread();
        return PHASE.compareAndSet(this, QUEUED, RUNNING);
    }

    /**
     * Ends the run.
     *
     * @return whether it was interrupted by {@link #interruptRun()}; the thread's flag is clear then
     */
    protected final boolean finish() {
        if (PHASE.compareAndSet(this, RUNNING, ENDED)) {
            runner = null;
            return false;
        }
        while (phase == INTERRUPTING) {
            LockSupport.parkNanos(1_000); // the one who interrupts is between two statements
        }
        phase = ENDED;
        runner = null;
        Thread.interrupted();
        return true;
    }

    /**
     * Takes the run out of its queue.
     *
     * @return false if it has begun or was taken out before
     */
    public final boolean dequeue() {
        return PHASE.compareAndSet(this, QUEUED, ENDED);
    }

    /**
     * Interrupts the thread if it is in this run.
     *
     * @return false if the run has not begun, has ended, or was interrupted before
     */
    public final boolean interruptRun() {
        if (!PHASE.compareAndSet(this, RUNNING, INTERRUPTING)) {
            return false;
        }
        Thread thread = runner;
        if (thread != null) {
            thread.interrupt();
        }
        phase = INTERRUPTED;
        return true;
    }
}
