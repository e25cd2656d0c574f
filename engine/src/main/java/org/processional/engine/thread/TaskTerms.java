// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.thread;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.processional.Cancel;
import org.processional.TaskOptions;
import org.processional.TaskTimeoutException;
import org.processional.engine.EngineTime;
import org.processional.engine.task.Doing;
import org.processional.engine.task.Durations;
import org.processional.engine.task.Timers;

/**
 * What was asked of one task besides its function: a name, a time limit, and how far to go at that. The limit is the
 * user's or what is left to the task that asks for this one, whichever ends first.
 *
 * <p>A task of which nothing was asked has no terms: to find that out costs one look at a variable.
 *
 * <p><b>Threads:</b> from any thread.
 */
public final class TaskTerms {
    private static final Object OVER = new Object();

    private static volatile boolean limitsAreUsed; // set when this process sees the first time limit

    private final TaskOptions options;
    private final boolean inherited; // whether the limit is that of the task that asked
    private final long limitNanos; // 0 for none
    private final long deadlineNanos; // a time of EngineTime.nanos(), if there is a limit
    private final AtomicReference<@Nullable Object> timer = new AtomicReference<>(); // null, a Future, OVER

    private volatile boolean broken; // set by who is about to end the task for its lateness

    private TaskTerms(TaskOptions options, boolean inherited, long limitNanos, long deadlineNanos) {
        this.options = options;
        this.inherited = inherited;
        this.limitNanos = limitNanos;
        this.deadlineNanos = deadlineNanos;
    }

    /**
     * The terms of a task that the calling thread asks for.
     *
     * @param options what the user said; null for nothing
     * @return null if there is nothing to be kept
     * @throws TaskTimeoutException if the task that the calling thread runs has no time left
     */
    public static @Nullable TaskTerms of(@Nullable TaskOptions options) {
        boolean inherits = limitsAreUsed && Running.hasLimit();
        if (options == null && !inherits) {
            return null;
        }
        long now = EngineTime.nanos();
        long inherited = inherits ? Running.nanosLeft(now) : Long.MAX_VALUE;
        if (inherited <= 0) {
            throw new TaskTimeoutException(
                    "the time limit of the task that runs here is over, so it can ask for nothing"
                            + " more; return, or give it more time");
        }
        Duration limit = options == null ? null : options.limit();
        long own = limit == null ? Long.MAX_VALUE : Durations.nanos("limit", limit);
        long nanos = Math.min(own, inherited);
        if (nanos == Long.MAX_VALUE) {
            return options == null ? null : new TaskTerms(options, false, 0, 0);
        }
        limitsAreUsed = true;
        return new TaskTerms(options == null ? TaskOptions.defaults() : options, inherited < own, nanos, now + nanos);
    }

    /**
     * Refuses what cannot be done to a thread.
     *
     * @throws IllegalArgumentException if it shall be killed
     */
    static void requireNoKill(Cancel how) {
        if (how.mayKill()) {
            throw new IllegalArgumentException(how + ": a function in a thread of this JVM cannot be killed; use"
                    + " Cancel.interrupt(), or run it in slave(), which can be");
        }
    }

    /** The terms of a request that has come from another process, which watches over its limit. */
    public static TaskTerms arrived(long microsLeft) {
        limitsAreUsed = true;
        long nanos = Math.max(1, Math.min(microsLeft, Durations.LONGEST / 1000) * 1000);
        return new TaskTerms(TaskOptions.defaults(), true, nanos, EngineTime.nanos() + nanos);
    }

    /** What the task is called; null for nothing. */
    public @Nullable String name() {
        return options.name();
    }

    /** How far to go at the limit. */
    public Cancel atLimit() {
        return options.atLimit();
    }

    /** Whether there is a limit. */
    public boolean hasLimit() {
        return limitNanos != 0;
    }

    /** How long until the limit, negative after it; {@link Long#MAX_VALUE} without one. */
    public long nanosLeft(long now) {
        return hasLimit() ? deadlineNanos - now : Long.MAX_VALUE;
    }

    /** Runs something when the time is over, unless the task has ended by then. */
    public void start(Runnable atLimit) {
        if (!hasLimit()) {
            return;
        }
        Future<?> future = Timers.after(Math.max(0, nanosLeft(EngineTime.nanos())), atLimit);
        if (!timer.compareAndSet(null, future)) {
            future.cancel(false);
        }
    }

    /**
     * The function has ended, or never will begin; nobody waits for the limit any more.
     *
     * @return whether that is after the limit, and this process watches over it
     */
    public boolean end() {
        if (hasLimit() && timer.getAndSet(OVER) instanceof Future<?> future) {
            future.cancel(false);
            return nanosLeft(EngineTime.nanos()) <= 0;
        }
        return false;
    }

    /** The task is ended now because its time is over, unless it ends otherwise. */
    public void broken() {
        broken = true;
    }

    /** Whether the task, if it has failed, was ended because its time was over. */
    public boolean isBroken() {
        return broken;
    }

    /** What a task whose time is over fails with. */
    public TaskTimeoutException late(Doing doing) {
        String name = options.name() == null ? "the task" : "task \"" + options.name() + "\"";
        String whose = inherited ? "the time that the task which asked for it had left, " : "its limit of ";
        TaskTimeoutException late = new TaskTimeoutException(
                name + " did not end within " + whose + Duration.ofNanos(limitNanos) + ": " + doing.text());
        late.setStackTrace(doing.frames().toArray(new StackTraceElement[0]));
        return late;
    }
}
