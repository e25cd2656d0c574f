// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.thread;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.channels.ClosedByInterruptException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.processional.Action;
import org.processional.Call;
import org.processional.Cancel;
import org.processional.ProcessionalException;
import org.processional.TaskCancelledException;
import org.processional.WaitInterruptedException;
import org.processional.engine.EngineTime;
import org.processional.engine.Log;
import org.processional.engine.task.Completions;
import org.processional.engine.task.CoreTask;
import org.processional.engine.task.Doing;
import org.processional.engine.task.Failure;
import org.processional.engine.task.Spin;
import org.processional.engine.task.SpinBudget;
import org.processional.engine.task.ThreadFailure;
import org.processional.engine.task.VirtualThreads;

/**
 * A task whose function runs in this JVM, and the one way to run a function so that it can be interrupted.
 *
 * <p>How to use it, for whoever runs functions (a queue, a thread, or the slave's side of a process):
 *
 * <ul>
 *   <li>Make one with the function, and keep it under its ticket if it must be found again.
 *   <li>Call {@link #execute()} (or {@link #run()}) in the thread that shall run the function. It never throws. When it
 *       returns, nothing of the task's interrupts is left in the thread; interrupts by others are, see there.
 *   <li>Meanwhile {@link #cancel(boolean)}, {@link #interrupt()} and {@link #abort} may be called from any thread.
 *   <li>Override {@link #ended} to be told, once, what really became of the function: also where the handle ended
 *       before it, by {@code cancel}. A failure that was {@linkplain Failure#see() seen} there is not reported in the log.
 * </ul>
 *
 * <p>Interrupts, without a lock: {@code runner} goes from null (queued) to the running thread to {@link #OVER}, or
 * straight to {@link #DROPPED}. Who interrupts sets {@code interrupting}, then looks for the runner; the runner leaves, then looks
 * at {@code interrupting}; a full fence is between on both sides. So either the interrupt finds nobody and is not
 * delivered, or the runner waits for the end of the delivery and clears the flag: an interrupt reaches the function it
 * was meant for, and never the next one.
 *
 * <p><b>Threads:</b> everything from any thread.
 *
 * @param <T> the result
 */
public class LocalTask<T extends @Nullable Object> extends CoreTask<T> implements Runnable {
    private static final Object OVER = new Object();
    private static final Object DROPPED = new Object(); // over without having begun

    private static final int NONE = 0;
    private static final int DELIVERING = 1;
    private static final int DELIVERED = 2;

    private static final VarHandle RUNNER;
    private static final VarHandle INTERRUPTING;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            RUNNER = lookup.findVarHandle(LocalTask.class, "runner", Object.class);
            INTERRUPTING = lookup.findVarHandle(LocalTask.class, "interrupting", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private @Nullable Object function; // a Call or an Action; who takes the task out of the queued state clears it
    private @Nullable TaskQueue queue; // cleared by the same one at the end; who reads it racily copes with null
    private @Nullable TaskTerms terms; // written once, before the task is queued
    private volatile @Nullable Object runner; // null, a Thread, OVER, DROPPED; by RUNNER
    private volatile int interrupting; // by INTERRUPTING: who interrupts

    /** A task for a thread of its own. */
    public LocalTask(Call<T, ?> call) {
        this((Object) call, null);
    }

    /**
     * A task for a queue.
     *
     * @param function a {@link Call}, or an {@link Action} if it is no Call
     * @param queue knows how to wait for its tasks, and which thread must not; null if there is no queue
     */
    LocalTask(Object function, @Nullable TaskQueue queue) {
        this.function = function;
        this.queue = queue;
    }

    /** Says what was asked of the task besides, before it is queued; somebody else watches over its limit. */
    protected final void terms(@Nullable TaskTerms given) {
        terms = given;
    }

    /** The same, and from now on it is stopped when its time is over. */
    final void begin(TaskTerms given) {
        terms = given;
        watch(given);
    }

    /** From now on, it is stopped when its time is over. */
    final void watch(TaskTerms given) {
        given.start(() -> expire(given));
    }

    // ---- running

    @Override
    public final void run() {
        execute();
    }

    /**
     * Runs the function in the calling thread, unless it was run, cancelled or interrupted before. Never throws.
     *
     * <p>The thread's flag is as the function left it, but for interrupts of this task, which are cleared.
     *
     * @return whether the function was run
     */
    public final boolean execute() {
        Thread self = Thread.currentThread();
        if (!RUNNER.compareAndSet(this, null, self)) {
            return false;
        }
        Object called = function;
        function = null;
        Object result = null;
        Throwable error = null;
        try {
            result = callWithin(Running.of(self), called);
        } catch (Throwable e) {
            error = e;
        }
        finish(result, error);
        return true;
    }

    private @Nullable Object callWithin(Running running, @Nullable Object called) throws Exception {
        Object before = running.enter(this);
        try {
            return call(called);
        } finally {
            running.leave(before);
        }
    }

    private static @Nullable Object call(@Nullable Object function) throws Exception {
        if (function instanceof Call<?, ?> call) {
            return call.call();
        }
        if (function instanceof Action<?> action) { // always, if it is no Call
            action.run();
        }
        return null;
    }

    private void finish(@Nullable Object result, @Nullable Throwable error) {
        runner = OVER; // volatile: a full fence before the next line
        boolean interrupted = interrupting != NONE && settle();
        TaskQueue home = queue;
        queue = null;
        boolean told = false;
        try {
            TaskTerms asked = terms;
            if (asked != null && asked.end()) {
                endLate(asked, Doing.unknown("it ended a moment later"), home);
            }
            Failure failure = error == null ? null : describe(error, interrupted, home);
            told = true;
            if (failure == null) {
                tellEnded(result, null);
                succeed(result);
            } else {
                end(failure);
            }
        } catch (Throwable e) { // no memory or stack to make the failure; the task ends nevertheless
            endIndescribably(told);
        }
    }

    private void endIndescribably(boolean told) {
        Failure failure = Failure.indescribable();
        try {
            if (!told) {
                tellEnded(null, failure);
            }
        } finally {
            fail(failure);
        }
    }

    /** Waits for the end of a delivery that has begun, and takes the flag back. */
    private boolean settle() {
        while (interrupting == DELIVERING) { // takes as long as Thread.interrupt() does
            Thread.yield();
        }
        boolean delivered = interrupting == DELIVERED;
        if (delivered) {
            Interrupts.forget();
            Running.interruptAgain(); // the flag may have been that of both
        }
        return delivered;
    }

    private Failure describe(Throwable error, boolean interrupted, @Nullable TaskQueue home) {
        boolean byInterrupt = error instanceof InterruptedException
                || error instanceof ClosedByInterruptException
                || error instanceof TaskCancelledException
                || error instanceof WaitInterruptedException;
        return interrupted && byInterrupt ? Failure.interrupted(error) : thrown(error, home);
    }

    /**
     * The failure of a function that threw. A task of a queue does not know who scheduled it: to remember that costs ten
     * times what scheduling does.
     */
    Failure thrown(Throwable error, @Nullable TaskQueue home) {
        return home == null ? Failure.thrown(error) : ThreadFailure.awaited(error, home.name());
    }

    private boolean end(Failure failure) {
        tellEnded(null, failure);
        boolean won = fail(failure);
        if (!won && failure.kind() == Failure.Kind.THROWN && !failure.isSeen()) {
            Log.engine().debug("a function failed after its task had been cancelled", failure.error());
        }
        return won;
    }

    private void tellEnded(@Nullable Object result, @Nullable Failure failure) {
        try {
            ended(result, failure);
        } catch (Throwable e) {
            Log.engine().error("what was to be told of the end of a task threw", e);
        }
    }

    /**
     * Called once, before the handle ends, with what became of the function: in the thread that ran it, or in the one
     * that took it out of the queue. For somebody who overrides it; does nothing here.
     *
     * @param result what it returned
     * @param failure how it failed; null if it returned
     */
    protected void ended(@Nullable Object result, @Nullable Failure failure) {}

    // ---- stopping

    @Override
    public final boolean cancel(Cancel how) {
        require(how);
        if (drop(Failure.cancelled())) {
            return isCancelled();
        }
        boolean won = fail(Failure.cancelled());
        if (how.mayInterrupt() && (isCancelled() || isLate())) { // also the second rung, after cancel(false)
            interruptRunner();
        }
        return won;
    }

    @Override
    protected final void require(Cancel how) {
        TaskTerms.requireNoKill(how);
    }

    @Override
    public final Optional<Cancel.Rung> endedBy() {
        Failure failure = failure();
        boolean stopped = failure != null && failure.kind() != Failure.Kind.THROWN || isLate();
        Object by = runner;
        if (stopped && by == DROPPED) {
            return Optional.of(Cancel.Rung.DEQUEUE);
        }
        return stopped && by == OVER && wasInterrupted() ? Optional.of(Cancel.Rung.INTERRUPT) : Optional.empty();
    }

    /** Whether its function was interrupted, when it is over. */
    protected final boolean wasInterrupted() {
        return interrupting == DELIVERED;
    }

    /** Whether it has ended since its time was over. */
    private boolean isLate() {
        TaskTerms asked = terms;
        return asked != null && asked.isBroken() && failure() != null;
    }

    /** Its time is over; on the timer's thread. */
    private void expire(TaskTerms asked) {
        if (isDone()) {
            return;
        }
        Object by = runner;
        TaskQueue home = queue;
        asked.broken(); // beforehand: who sees the end may go further down at once
        if (by == null && drop(thrown(asked.late(Doing.nothing()), home))) {
            return;
        }
        if (runner instanceof Thread thread
                && endLate(asked, Doing.in(thread, ""), home)
                && asked.atLimit().mayInterrupt()) {
            Completions.run(this::interruptRunner); // which may take as long as a channel of the user's takes to close
        }
    }

    private boolean endLate(TaskTerms asked, Doing doing, @Nullable TaskQueue home) {
        asked.broken();
        return !isDone() && fail(thrown(asked.late(doing), home));
    }

    /** How long it has until its limit. */
    final long nanosLeft(long now) {
        TaskTerms asked = terms;
        return asked == null ? Long.MAX_VALUE : asked.nanosLeft(now);
    }

    /** Whether its function runs, and was interrupted. */
    final boolean isInterrupted() {
        return interrupting == DELIVERED && runner instanceof Thread;
    }

    /** Whether its function was asked to stop. */
    final boolean isStopRequested() {
        return interrupting != NONE || hasLimit() && nanosLeft(EngineTime.nanos()) <= 0;
    }

    /** Whether its time is limited. */
    final boolean hasLimit() {
        TaskTerms asked = terms;
        return asked != null && asked.hasLimit();
    }

    /** Whether its function has ended, or will never begin. */
    public final boolean isOver() {
        Object by = runner;
        return by == OVER || by == DROPPED;
    }

    /** The thread that runs it now; null if there is none. */
    public final @Nullable Thread runner() {
        return runner instanceof Thread thread ? thread : null;
    }

    @Override
    public final void interrupt() {
        if (runner != null || !drop(Failure.interrupted(new InterruptedException("interrupted before it began")))) {
            interruptRunner();
        }
    }

    /** Fails the task if it has not begun, and interrupts it if it runs. */
    public final void abort(Failure failure) {
        if (!drop(failure)) {
            interruptRunner();
        }
    }

    /**
     * Takes the task out of the queued state and fails it.
     *
     * @return false if it has begun, or is over; nothing was done then
     */
    final boolean drop(Failure failure) {
        if (!RUNNER.compareAndSet(this, null, DROPPED)) {
            return false;
        }
        TaskTerms asked = terms;
        if (asked != null) {
            asked.end();
        }
        function = null;
        queue = null;
        try {
            end(failure);
        } catch (Throwable e) { // as in finish
            endIndescribably(true);
        }
        return true;
    }

    /** Interrupts the runner, if there is one. Each call is one delivery: it does not join one that is under way. */
    private void interruptRunner() {
        int before;
        while ((before = interrupting) == DELIVERING || !INTERRUPTING.compareAndSet(this, before, DELIVERING)) {
            Thread.yield();
        }
        int after = before;
        try {
            if (runner instanceof Thread thread) {
                after = DELIVERED;
                Interrupts.deliver(thread);
            }
        } finally {
            interrupting = after;
        }
    }

    // ---- waiting

    @Override
    protected final boolean awaitEnd(boolean timed, long deadlineNanos) throws InterruptedException {
        TaskQueue home = queue;
        refuseDeadlock(home);
        if (home == null) {
            return parkUntilEnd(timed, deadlineNanos);
        }
        long longest = VirtualThreads.isCurrent() ? SpinBudget.LONGEST_VIRTUAL_NANOS : Long.MAX_VALUE;
        if (timed) {
            longest = Math.min(longest, EngineTime.system(deadlineNanos - EngineTime.nanos()));
        }
        boolean mayCircle = !timed && !hasLimit();
        SpinBudget budget = home.answers();
        Spin spin = budget.begin(mayCircle ? budget.firstNanos(longest) : longest);
        boolean ended = spinUntilEnd(spin)
                || (mayCircle ? awaitOutsideCircles(home, longest) : parkUntilEnd(timed, deadlineNanos));
        spin.ended(ended);
        return ended;
    }

    private boolean awaitOutsideCircles(TaskQueue home, long spinNanos) throws InterruptedException {
        try {
            Circles.enter(this, home);
            return home.answers().isEndless() && spinUntilEnd(home.answers().begin(spinNanos))
                    || parkUntilEnd(false, 0);
        } finally {
            Circles.leave();
        }
    }

    /** Where it is queued, or runs; null if that is no queue, or it is over. */
    @Nullable
    TaskQueue queue() {
        return queue;
    }

    private void refuseDeadlock(@Nullable TaskQueue home) {
        Object by = runner;
        if (by == Thread.currentThread()) {
            throw new ProcessionalException(
                    "a task waits for its own end, which would never come;" + " return from the function instead");
        }
        if (by == null && home != null) {
            home.refuseOwnThread();
        }
    }
}
