// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.thread;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.processional.Waiting;
import org.processional.engine.Log;
import org.processional.engine.task.Spin;
import org.processional.engine.task.SpinBudget;

/**
 * The bell of a consumer that is a thread: it spins for a while, then parks, and only a parked one is woken.
 *
 * <p>No wake-up is lost. The consumer writes {@code parked}, fences, looks for what is claimed, parks; a producer claims,
 * which is a fence, writes the task, looks at {@code parked}. Of the two looks, the one that comes later in the order of
 * the fences sees what the other side wrote: either the consumer finds the claim, or the producer finds the consumer and
 * unparks it, which makes a park that has not begun yet return at once. One of many producers takes the consumer out and
 * unparks it; the others find nobody, and need not, since the consumer looks for work after it has woken, and before it
 * enters again.
 *
 * <p><b>Threads:</b> {@code ring} from any thread, the rest by the consumer.
 */
final class ParkingBell extends Bell {
    private static final VarHandle PARKED;

    static {
        try {
            PARKED = MethodHandles.lookup().findVarHandle(ParkingBell.class, "parked", Thread.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final SpinBudget budget;
    private final boolean ownThread;
    private @Nullable Thread consumer; // written once, before anything is published
    private volatile @Nullable Thread parked; // entered by the consumer, taken out by who wakes it

    /** A bell for a thread of the slave's own, or one that was adopted. */
    ParkingBell(Waiting waiting, boolean ownThread) {
        budget = new SpinBudget(waiting);
        this.ownThread = ownThread;
    }

    /** Tells which thread is the consumer; once, before anything is published. */
    void consumer(Thread thread) {
        consumer = thread;
    }

    @Override
    @Nullable
    Thread consumer() {
        return consumer;
    }

    @Override
    boolean isCurrent() {
        return Thread.currentThread() == consumer;
    }

    @Override
    boolean hasOwnThread() {
        return ownThread;
    }

    @Override
    void ring() {
        Thread thread = parked;
        if (thread != null && PARKED.compareAndSet(this, thread, null)) {
            LockSupport.unpark(thread);
        }
    }

    /** Runs tasks until the slave has ended. Interrupts of the thread end the task that runs, or nothing. */
    void serve(TaskQueue tasks) {
        while (!tasks.isDrained()) {
            try {
                if (tasks.runNext() == TaskQueue.Found.NOTHING) {
                    awaitWork(tasks);
                } else if (ownThread) {
                    Interrupts.leaveAll();
                }
                Thread.interrupted(); // what was left of it must not reach the next task, nor make parking a busy loop
            } catch (Throwable e) { // not by a task, which keeps what it throws
                report(tasks, e);
            }
        }
    }

    private static void report(TaskQueue tasks, Throwable error) {
        try {
            Log.engine().error("slave " + tasks.name() + " had an error between tasks, and goes on", error);
        } catch (Throwable e) {
            Thread.yield(); // the log itself has failed; the tasks matter more
        }
    }

    private void awaitWork(TaskQueue tasks) {
        Spin spin = budget.begin();
        boolean found = somethingToDo(tasks);
        while (!found && spin.goesOn()) {
            Thread.onSpinWait();
            found = somethingToDo(tasks);
        }
        if (!found) {
            parked = Thread.currentThread();
            VarHandle.fullFence();
            if (tasks.isClaimed() || tasks.isDrained()) {
                Thread.yield(); // to who has claimed and not yet written, if that is so
            } else {
                LockSupport.park(tasks);
            }
            parked = null;
        }
        spin.ended(true);
    }

    private static boolean somethingToDo(TaskQueue tasks) {
        return tasks.hasWork() || tasks.isDrained();
    }
}
