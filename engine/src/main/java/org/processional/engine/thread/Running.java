// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.thread;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.processional.CancellationToken;
import org.processional.TaskCancelledException;
import org.processional.engine.EngineTime;

/**
 * Which tasks a thread runs now: mostly one, several where a task runs others within itself.
 *
 * <p>It is entered and left around each function, so threads of ours have theirs in a field.
 *
 * <p><b>Threads:</b> each belongs to one thread. What it tells of, a task or a chain of them, is immutable or can be asked
 * by any.
 */
public final class Running {
    private static final ThreadLocal<@Nullable Running> OF_OTHERS = new ThreadLocal<>();

    private final boolean lent; // to a thread that is not ours, while it runs tasks
    private @Nullable Object now; // a LocalTask, a Nested, or null

    /** That of a thread of ours, which keeps it. */
    Running() {
        this(false);
    }

    private Running(boolean lent) {
        this.lent = lent;
    }

    /** A task that runs within others. */
    private record Nested(LocalTask<?> inner, Object outer) {}

    /** That of the calling thread, which is about to enter a task. */
    static Running of(Thread self) {
        if (self instanceof ProcessionalThread own) {
            return own.running();
        }
        Running lent = OF_OTHERS.get();
        if (lent == null) {
            lent = new Running(true);
            OF_OTHERS.set(lent);
        }
        return lent;
    }

    /**
     * The calling thread runs tasks and nothing else until {@link #end}: what is needed for that stays in it, which is
     * cheaper than to enter and to remove it with each task.
     */
    public static void begin() {
        if (!(Thread.currentThread() instanceof ProcessionalThread)) {
            OF_OTHERS.set(new Running());
        }
    }

    /** The calling thread runs no tasks any more. */
    public static void end() {
        OF_OTHERS.remove();
    }

    /** Whether there is anything of us in the thread locals of the calling thread; for tests. */
    static boolean isLent() {
        return OF_OTHERS.get() != null;
    }

    /** What the calling thread runs; null for nothing. */
    private static @Nullable Object now() {
        Running running = Thread.currentThread() instanceof ProcessionalThread own ? own.running() : OF_OTHERS.get();
        return running == null ? null : running.now;
    }

    /**
     * A task begins.
     *
     * @return what to leave with
     */
    @Nullable
    Object enter(LocalTask<?> task) {
        Object before = now;
        now = before == null ? task : new Nested(task, before);
        return before;
    }

    /** The task that began last ends. With the outermost one, nothing of us stays in a thread that is not ours. */
    void leave(@Nullable Object before) {
        now = before;
        if (lent && before == null) {
            OF_OTHERS.remove();
        }
    }

    /** Whether a task that the calling thread runs has a limit. */
    static boolean hasLimit() {
        Object rest = now();
        while (rest instanceof Nested nested) {
            if (nested.inner.hasLimit()) {
                return true;
            }
            rest = nested.outer;
        }
        return rest instanceof LocalTask<?> task && task.hasLimit();
    }

    /** How long the tasks that the calling thread runs have until the first limit of theirs. */
    static long nanosLeft(long time) {
        return nanosLeft(now(), time);
    }

    private static long nanosLeft(@Nullable Object tasks, long time) {
        long least = Long.MAX_VALUE;
        Object rest = tasks;
        while (rest instanceof Nested nested) {
            least = Math.min(least, nested.inner.nanosLeft(time));
            rest = nested.outer;
        }
        return rest instanceof LocalTask<?> task ? Math.min(least, task.nanosLeft(time)) : least;
    }

    private static boolean isStopRequested(@Nullable Object tasks) {
        Object rest = tasks;
        while (rest instanceof Nested nested) {
            if (nested.inner.isStopRequested()) {
                return true;
            }
            rest = nested.outer;
        }
        return rest instanceof LocalTask<?> task && task.isStopRequested();
    }

    /**
     * A task within others is over, and its interrupt with it: one that was delivered to one of the others meanwhile holds,
     * though that may have heeded it already.
     */
    static void interruptAgain() {
        Object rest = now();
        while (rest instanceof Nested nested && !nested.inner.isInterrupted()) {
            rest = nested.outer;
        }
        if (rest instanceof Nested || rest instanceof LocalTask<?> task && task.isInterrupted()) {
            Interrupts.deliver(Thread.currentThread());
        }
    }

    /** The token of what the calling thread runs. */
    public static CancellationToken token() {
        return new Token(now());
    }

    private record Token(@Nullable Object tasks) implements CancellationToken {
        @Override
        public boolean isRequested() {
            return isStopRequested(tasks);
        }

        @Override
        public void throwIfRequested() {
            if (isRequested()) {
                throw new TaskCancelledException("the task that runs here shall stop: it was cancelled or interrupted,"
                        + " or its time is over");
            }
        }

        @Override
        public Optional<Duration> timeLeft() {
            long nanos = nanosLeft(tasks, EngineTime.nanos());
            return nanos == Long.MAX_VALUE ? Optional.empty() : Optional.of(Duration.ofNanos(Math.max(0, nanos)));
        }

        @Override
        public String toString() {
            return tasks == null
                    ? "token outside of tasks"
                    : "token, " + (isRequested() ? "requested" : "not requested");
        }
    }
}
