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
    private static final ThreadLocal<Running> OF_OTHERS = ThreadLocal.withInitial(Running::new);

    private @Nullable Object now; // a LocalTask, a Nested, or null

    Running() {}

    /** A task that runs within others. */
    private record Nested(LocalTask<?> inner, Object outer) {}

    /** That of the calling thread. */
    static Running of(Thread self) {
        return self instanceof ProcessionalThread own ? own.running() : OF_OTHERS.get();
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

    /** The task that began last ends. */
    void leave(@Nullable Object before) {
        now = before;
    }

    /** Whether a task that the calling thread runs has a limit. */
    static boolean hasLimit() {
        Object rest = of(Thread.currentThread()).now;
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
        return nanosLeft(of(Thread.currentThread()).now, time);
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

    /** The token of what the calling thread runs. */
    public static CancellationToken token() {
        return new Token(of(Thread.currentThread()).now);
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
