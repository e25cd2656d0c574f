// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.task;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.processional.engine.EngineTime;
import org.processional.engine.Log;

/**
 * The outcome of a task, which is set once, and those who wait for it.
 *
 * <p>The outcome is one field, so that one write makes it known: the result itself, {@link #NULL} for a null result, or
 * a {@link Failure}, or an {@link Undecoded} result. Who ends a task writes the outcome, then looks for waiters; who waits enters the list of waiters,
 * then looks for the outcome; both with a full fence between, so that no wake-up is lost.
 *
 * <p><b>Threads:</b> everything from any thread.
 */
abstract class Ending {
    static final Object NULL = new Object();
    private static final Waiter NOBODY = new Waiter(new Object(), null);

    private static final VarHandle OUTCOME;
    private static final VarHandle WAITERS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            OUTCOME = lookup.findVarHandle(Ending.class, "outcome", Object.class);
            WAITERS = lookup.findVarHandle(Ending.class, "waiters", Waiter.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("unused") // by OUTCOME
    private volatile @Nullable Object outcome; // written once, by who wins the end; read by any

    @SuppressWarnings("unused") // by WAITERS
    private volatile @Nullable Waiter waiters; // Treiber stack: pushed by who waits, taken whole by who ends the task

    /** A thread, or something else, that wants to know of the end. */
    private static final class Waiter {
        volatile @Nullable Object who; // a Thread or a Runnable; null once it gave up, written by who waits
        volatile @Nullable Waiter next; // rewritten by those who take out the ones that gave up

        Waiter(@Nullable Object who, @Nullable Waiter next) {
            this.who = who;
            this.next = next;
        }
    }

    // ---- the end

    /**
     * Ends the task with a result, unless it has ended.
     *
     * @return whether this call ended it
     */
    protected final boolean succeed(@Nullable Object result) {
        return end(result == null ? NULL : result);
    }

    /**
     * Ends the task with a failure, unless it has ended.
     *
     * @return whether this call ended it
     */
    protected final boolean fail(Failure failure) {
        boolean unseen = failure.kind() == Failure.Kind.THROWN && !failure.isSeen();
        if (unseen) {
            UnseenFailures.open(failure); // beforehand: who sees the end may end the JVM
        }
        boolean won = end(failure);
        if (unseen) {
            UnseenFailures.watch(won ? this : null, failure);
        }
        return won;
    }

    private boolean end(Object value) {
        if (!OUTCOME.compareAndSet(this, null, value)) {
            return false;
        }
        if (waiters != null) { // the compareAndSet above is a full fence
            wake((Waiter) WAITERS.getAndSet(this, NOBODY));
        }
        return true;
    }

    private static void wake(@Nullable Waiter first) {
        for (Waiter waiter = first; waiter != null; waiter = waiter.next) {
            Object who = waiter.who;
            if (who instanceof Thread thread) { // before Runnable, which a Thread is as well
                LockSupport.unpark(thread);
            } else if (who instanceof Runnable action) {
                runAction(action);
            }
        }
    }

    /** One action that throws must not keep the others from knowing. */
    private static void runAction(Runnable action) {
        try {
            action.run();
        } catch (Throwable e) {
            report(e);
        }
    }

    private static void report(Throwable thrown) {
        try {
            Log.engine().error("an action at the end of a task threw", thrown);
        } catch (Throwable e) {
            // no memory for a line, say; who waits for the task has to be woken nevertheless
        }
    }

    /**
     * Runs something quick at the end of the task, in the thread that ends it; at once if it has ended.
     *
     * @param action what to do; must not block, throw, or run code of a user
     */
    protected final void atEnd(Runnable action) {
        if (push(action) == null) {
            runAction(action);
        }
    }

    /** Enters the list of waiters; null if the task has ended, and nothing was entered. */
    private @Nullable Waiter push(Object who) {
        while (true) {
            Waiter top = waiters;
            if (outcome != null) { // always so if top is NOBODY, which is written after it
                return null;
            }
            Waiter waiter = new Waiter(who, top);
            if (WAITERS.compareAndSet(this, top, waiter)) {
                if (outcome != null) {
                    // The end may have overlooked us. Who takes the list wakes all of it; a second wake-up does no
                    // harm to a thread, but an action must run once: so it is the taker who runs it.
                    wake((Waiter) WAITERS.getAndSet(this, NOBODY));
                }
                return waiter;
            }
        }
    }

    /**
     * Makes sure that the calling thread is unparked at the end of the task, until it {@linkplain #leave leaves}. For
     * those who wait for more than the task and park elsewhere.
     *
     * @return what to leave with; null if the task has ended
     */
    public final @Nullable Object enter() {
        return push(Thread.currentThread());
    }

    /** Ends what {@link #enter} began. */
    public final void leave(@Nullable Object entry) {
        if (entry instanceof Waiter waiter && outcome == null) {
            remove(waiter);
        }
    }

    /** Takes out a waiter that gave up: who polls with short limits must not fill the memory with waiters. */
    private void remove(Waiter gone) {
        gone.who = null;
        while (!unlinkGone()) {
            Thread.onSpinWait(); // another one was taken out beside it, or the list has changed: once more
        }
    }

    private boolean unlinkGone() {
        Waiter before = null;
        for (Waiter waiter = waiters; waiter != null; waiter = waiter.next) {
            if (waiter.who != null) {
                before = waiter;
            } else if (before == null) {
                if (!WAITERS.compareAndSet(this, waiter, waiter.next)) {
                    return false;
                }
            } else {
                before.next = waiter.next;
                if (before.who == null) {
                    return false; // it was taken out meanwhile, and its next may still be reached by another way
                }
            }
        }
        return true;
    }

    /** The result, {@link #NULL}, or a {@link Failure}; null while the task has not ended. */
    final @Nullable Object outcome() {
        return outcome;
    }

    /**
     * Puts a result in the place of what it was made of.
     *
     * @return the result as an outcome
     */
    final Object replace(Object made, @Nullable Object result) {
        Object value = result == null ? NULL : result;
        OUTCOME.compareAndSet(this, made, value);
        return value;
    }

    // ---- waiting

    /** Parks until the task has ended. */
    protected final boolean parkUntilEnd(boolean timed, long deadlineNanos) throws InterruptedException {
        Waiter waiter = null;
        try {
            while (outcome == null) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                long rest = timed ? deadlineNanos - EngineTime.nanos() : 1;
                if (rest <= 0) {
                    return false;
                }
                if (waiter == null) {
                    waiter = push(Thread.currentThread());
                } else if (timed) {
                    EngineTime.park(this, rest);
                } else {
                    LockSupport.park(this);
                }
            }
            return true;
        } finally {
            if (waiter != null && outcome == null) {
                remove(waiter);
            }
        }
    }

    /**
     * Spins for a while; the cheapest way to wait for something that comes within microseconds. Ends early when the
     * thread is interrupted, and leaves the flag set.
     *
     * @return whether the task has ended
     */
    protected final boolean spinUntilEnd(Spin spin) {
        Thread thread = Thread.currentThread();
        while (outcome == null) {
            if (!spin.goesOn() || thread.isInterrupted()) {
                return false;
            }
            Thread.onSpinWait();
        }
        return true;
    }
}
