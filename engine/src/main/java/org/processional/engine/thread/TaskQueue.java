// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.thread;

import com.lmax.disruptor.InsufficientCapacityException;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.processional.ProcessionalException;
import org.processional.SlaveClosedException;
import org.processional.SlaveFullException;
import org.processional.SlaveThreadOptions;
import org.processional.WaitInterruptedException;
import org.processional.engine.EngineTime;
import org.processional.engine.Log;
import org.processional.engine.task.Completions;
import org.processional.engine.task.Durations;
import org.processional.engine.task.Failure;
import org.processional.engine.task.SpinBudget;
import org.processional.engine.task.Timers;
import org.processional.engine.task.VirtualThreads;

/**
 * The tasks of one slave thread, in a ring of many producers and one consumer, and the end of the slave.
 *
 * <p>A slot is emptied and given back before its task runs: the capacity is that of the queue, and nothing but the
 * runner refers to a running task. That is why the ring is read by its sequence, task by task: an {@code EventPoller}
 * gives slots back a batch at a time, and looks through all that is queued on every poll.
 *
 * <p>A producer claims a sequence of the ring, which is a full fence, then writes its slot, then looks whether the
 * consumer sleeps and whether the slave was stopped. The others write, fence, then look what is claimed, and wait for the
 * slot of that: so a task needs one fence, and neither the ring's table of what is published nor its signal.
 *
 * <p>The state goes from OPEN to CLOSING (what is new is refused, the rest runs) to STOPPED (what has not begun is
 * refused). Whoever stops writes the state, then looks through the ring; a producer claims, then looks at the
 * state; both with a full fence between. So every task is found by one of them, by the consumer, or by several: the
 * task itself sees to it that it ends once.
 *
 * <p><b>Threads:</b> everything from any thread, but for what says that it is the consumer's.
 */
final class TaskQueue {
    private static final int OPEN = 0;
    private static final int CLOSING = 1;
    private static final int STOPPED = 2;

    /** What {@link #runNext()} found. */
    enum Found {
        NOTHING,
        DROPPED,
        TASK
    }

    private static final long SPIN_FOR_ROOM_NANOS = 20_000;
    private static final long SHORTEST_STEP_NANOS = 50_000;
    private static final long LONGEST_STEP_NANOS = 1_000_000;

    /** How long a task has to heed the interrupt that ends it when its slave was stopped. */
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String name;
    private final Bell bell;
    private final long closeNanos;
    private final long roomNanos;
    private final SpinBudget answers;
    private final RingBuffer<Slot> ring;
    private final Sequence taken = new Sequence(-1); // written by the consumer, read by producers and who stops
    private final AtomicReference<@Nullable LocalTask<?>> current = new AtomicReference<>(); // written by the consumer
    private final CountDownLatch ended = new CountDownLatch(1);

    private volatile int state = OPEN; // written under this
    private volatile @Nullable Throwable why; // why it was stopped; written before the state
    private volatile @Nullable Future<?> late; // stops it when its end takes too long; written by who closes it alone

    TaskQueue(String name, SlaveThreadOptions options, Bell bell) {
        this.name = name;
        this.bell = bell;
        closeNanos = Durations.nanos("closeLimit", options.closeLimit());
        roomNanos = Durations.nanos("roomLimit", options.roomLimit());
        answers = new SpinBudget(options.waiting());
        ring = RingBuffer.createMultiProducer(Slot::new, options.capacity());
        ring.addGatingSequences(taken);
        bell.serves(this);
    }

    String name() {
        return name;
    }

    SpinBudget answers() {
        return answers;
    }

    boolean isCurrent() {
        return bell.isCurrent();
    }

    /** The thread that runs the tasks; null if it is not known. */
    @Nullable
    Thread consumer() {
        return bell.consumer();
    }

    long closeNanos() {
        return closeNanos;
    }

    /** Fails in the thread that runs the tasks, where it is about to wait for one that is queued. */
    void refuseOwnThread() {
        if (isCurrent()) {
            throw new ProcessionalException("the thread of slave " + name + " waits for a task that is queued"
                    + " behind what it does now, so it would never end; use invoke, which runs in place here,"
                    + " or wait in another thread");
        }
    }

    // ---- producers

    /** Enters a task, and waits for room within the limit. */
    void put(LocalTask<?> task) {
        if (!offer(task)) {
            waitForRoom(task);
        }
    }

    /** Enters a task if there is room; fails if the slave is not open. */
    boolean offer(LocalTask<?> task) {
        requireOpen();
        long sequence;
        try {
            sequence = ring.tryNext();
        } catch (InsufficientCapacityException e) { // always the same one, without a stack trace
            return false;
        }
        slot(sequence).setRelease(task); // does not overflow the stack: claiming went deeper
        bell.ring();
        if (state == STOPPED) {
            task.abort(closed());
        }
        return true;
    }

    private Slot slot(long sequence) {
        return ring.get(sequence);
    }

    private void requireOpen() {
        if (state != OPEN) {
            throw closedException();
        }
    }

    private void waitForRoom(LocalTask<?> task) {
        if (isCurrent()) {
            throw new SlaveFullException(full() + " and its own thread cannot wait for itself;"
                    + " use trySchedule, invoke (which runs in place here), or a larger capacity");
        }
        long start = EngineTime.nanos();
        long step = VirtualThreads.isCurrent() ? SHORTEST_STEP_NANOS : 0;
        do {
            task.check(); // throws if its time is over
            if (Thread.currentThread().isInterrupted()) {
                throw new WaitInterruptedException(
                        "interrupted while waiting for room in slave " + name + "; nothing was scheduled");
            }
            long waited = EngineTime.nanos() - start;
            if (waited >= roomNanos) {
                throw new SlaveFullException(full() + " for " + TimeUnit.NANOSECONDS.toMillis(waited)
                        + " ms; schedule less, or give a larger capacity or roomLimit");
            }
            if (step > 0 || waited > SPIN_FOR_ROOM_NANOS) {
                step = step == 0 ? SHORTEST_STEP_NANOS : Math.min(2 * step, LONGEST_STEP_NANOS);
                EngineTime.park(this, Math.min(step, roomNanos - waited));
            } else {
                Thread.onSpinWait();
            }
        } while (!offer(task));
    }

    private String full() {
        return "slave " + name + " had no room for another task, beside the " + ring.getBufferSize() + " queued ones,";
    }

    // ---- the consumer

    /** The sequence of the next task; consumer only. */
    private long next() {
        return taken.get() + 1;
    }

    /** Whether a task waits to be run; consumer only. */
    boolean hasWork() {
        return slot(next()).getAcquire() != null;
    }

    /** Whether there is a task that waits to be run, or that a producer is about to write; consumer only. */
    boolean isClaimed() {
        return next() <= ring.getCursor();
    }

    /** Whether the consumer has nothing more to do, ever; consumer only. */
    boolean isDrained() {
        int now = state;
        // A sequence that is claimed and not yet written keeps a closing slave alive; who writes it rings the bell.
        return now != OPEN && (now == STOPPED || !isClaimed());
    }

    /** Whether a task is running. */
    boolean isRunning() {
        return current.get() != null;
    }

    /** Takes the next task and runs it; consumer only. Does not throw what tasks throw. */
    Found runNext() {
        long sequence = next();
        Slot slot = slot(sequence);
        LocalTask<?> task = slot.getAcquire();
        if (task == null) {
            return Found.NOTHING;
        }
        LocalTask<?> outer = current.getPlain(); // of a nested step
        // In this order: who stops, and finds the slot empty or the sequence taken, finds the task here.
        current.setRelease(task);
        slot.setRelease(null);
        taken.set(sequence);
        try {
            return task.execute() ? Found.TASK : Found.DROPPED;
        } finally {
            current.setRelease(outer);
            if (outer != null) {
                abortIfStopped(outer);
            }
        }
    }

    /** Who stopped the slave while a task ran within another has interrupted the inner one alone. */
    private void abortIfStopped(LocalTask<?> outer) {
        VarHandle.fullFence();
        if (state == STOPPED) {
            abort(outer);
        }
    }

    /**
     * Runs what is queued now; consumer only. An interrupt of the thread that is not for a task stays in its flag.
     *
     * @param most number of sequences to take at most
     * @param limitNanos no task begins after this time
     * @return the number of tasks that were run
     */
    int runQueued(long most, long limitNanos) {
        long queued = ring.getCursor() - taken.get();
        long last = taken.get() + Math.min(queued, most);
        long start = EngineTime.nanos();
        boolean foreign = Thread.interrupted();
        int count = 0;
        try {
            while (next() <= last && state != STOPPED && EngineTime.nanos() - start < limitNanos) {
                Found found = runNext();
                if (found == Found.NOTHING) {
                    break;
                }
                count += found == Found.TASK ? 1 : 0;
                foreign |= Thread.interrupted();
            }
        } finally {
            if (foreign) {
                Thread.currentThread().interrupt();
            }
        }
        VarHandle.fullFence(); // nothing runs any more, then the state: who stops writes it, then looks what runs
        return count;
    }

    /** Ends the queue if all is done and this is not within a task; consumer only. */
    void terminateIfDrained() {
        if (isDrained() && !isRunning()) {
            refuse(STOPPED);
            abortAll();
            for (long next = next(); next <= ring.getCursor(); next++) { // empties the slots
                abort(published(next));
                slot(next).setRelease(null);
                taken.set(next);
            }
            end();
        }
    }

    // ---- the end

    boolean isOpen() {
        return state == OPEN;
    }

    boolean isStopped() {
        return state == STOPPED;
    }

    private void end() {
        ended.countDown();
        dropTimer(late);
    }

    private static void dropTimer(@Nullable Future<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    /** Whether {@code invoke} may run in place: the slave is open, or this is within one of its tasks. */
    void requireUsableInPlace() {
        if (!isRunning()) {
            requireOpen();
        }
    }

    /** Refuses what is new. */
    void beginClose() {
        refuse(CLOSING);
        bell.ring();
    }

    /** Refuses what is new, and stops the slave when the rest takes too long, where nobody waits for that. */
    void closeAlone() {
        beginClose();
        WeakReference<TaskQueue> self = new WeakReference<>(this); // its thread keeps it for as long as it matters
        Future<?> timer = Timers.after(closeNanos, () -> Completions.run(() -> stopLate(self.get())));
        late = timer; // then the look: who ends it counts down, then looks at this
        if (ended.getCount() == 0) {
            dropTimer(timer);
        }
    }

    private static void stopLate(@Nullable TaskQueue queue) {
        if (queue != null && queue.ended.getCount() > 0) {
            queue.stop(null);
        }
    }

    private synchronized void refuse(int now) {
        if (state < now) {
            state = now;
        }
    }

    /**
     * Refuses all that has not begun, and interrupts what runs. Does not wait.
     *
     * @param cause why; null if somebody wanted it
     */
    void stop(@Nullable Throwable cause) {
        if (why == null) {
            why = cause;
        }
        refuse(STOPPED);
        try {
            abortAll();
        } finally { // also where there is no memory to say why: who sleeps has to see that it is over
            bell.ring();
            if (!bell.hasOwnThread() && !isRunning()) {
                end(); // it may be that nobody will ever step again
            }
        }
    }

    private void abortAll() {
        VarHandle.fullFence();
        for (long sequence = taken.get() + 1, last = ring.getCursor(); sequence <= last; sequence++) {
            abort(published(sequence));
        }
        abort(current.getAcquire());
    }

    /**
     * The task of a sequence that is claimed; null if it was taken. If it is not there, a producer is between two lines of
     * {@link #offer}, where nothing waits and nothing is thrown.
     */
    private @Nullable LocalTask<?> published(long sequence) {
        LocalTask<?> task;
        while ((task = slot(sequence).getAcquire()) == null && taken.get() < sequence) {
            Thread.yield();
        }
        return task;
    }

    private void abort(@Nullable LocalTask<?> task) {
        if (task != null) {
            task.abort(closed());
        }
    }

    private Failure closed() {
        return Failure.thrown(closedException());
    }

    private SlaveClosedException closedException() {
        String message = "slave " + name + " is closed; schedule before close(), or make another slave";
        Throwable cause = why;
        return cause == null ? new SlaveClosedException(message) : new SlaveClosedException(message, cause);
    }

    /** Waits until all is done, stops the slave when that takes too long, and waits for that a little. */
    void awaitEndOrStop() {
        boolean interrupted = false;
        boolean over = false;
        try {
            over = state != STOPPED && ended.await(EngineTime.system(closeNanos), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            interrupted = true; // who is in a hurry does not wait for the tasks
        }
        if (!over) {
            stop(null);
            long deadline = EngineTime.nanos() + GRACE_NANOS;
            while (!over && deadline - EngineTime.nanos() > 0) {
                try {
                    over = ended.await(EngineTime.system(deadline - EngineTime.nanos()), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (!over) {
            Log.engine().warn("slave {} is closed, but the task that it runs does not heed its interrupt", name);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
