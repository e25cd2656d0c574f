// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.task;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.processional.Cancel;
import org.processional.Task;
import org.processional.TaskCancelledException;
import org.processional.TaskFailedException;
import org.processional.TaskInterruptedException;
import org.processional.TaskTimeoutException;
import org.processional.WaitInterruptedException;
import org.processional.engine.EngineTime;

/**
 * What tasks of threads and of processes have in common: the ways to ask for the outcome, and to be told of it.
 *
 * <p>A subclass ends the task by {@code succeed} or {@code fail}, and says how to wait for that.
 *
 * <p><b>Threads:</b> everything from any thread.
 *
 * @param <T> the result
 */
public abstract class CoreTask<T extends @Nullable Object> extends Ending implements Task<T> {
    /**
     * Waits until the task has ended.
     *
     * @param deadlineNanos a time of {@link EngineTime#nanos()}; meaningless if not {@code timed}
     * @return whether it has ended
     * @throws InterruptedException if the thread was interrupted; its flag is clear then
     */
    protected abstract boolean awaitEnd(boolean timed, long deadlineNanos) throws InterruptedException;

    /**
     * Refuses to go further than is possible where it runs.
     *
     * @throws IllegalArgumentException if it shall be killed, and cannot be
     */
    protected abstract void require(Cancel how);

    @Override
    public final T await() {
        waitOrThrow(false, 0);
        return resultOrThrow();
    }

    @Override
    public final T await(Duration wait) {
        long nanos = Durations.nanos("wait", wait);
        if (!waitOrThrow(true, EngineTime.nanos() + nanos)) {
            throw new TaskTimeoutException("the task has not ended within " + wait + "; it goes on");
        }
        return resultOrThrow();
    }

    private boolean waitOrThrow(boolean timed, long deadlineNanos) {
        try {
            return outcome() != null || awaitEnd(timed, deadlineNanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WaitInterruptedException("interrupted while waiting for a task; the task goes on", e);
        }
    }

    @Override
    public final boolean check() {
        if (outcome() == null) {
            return false;
        }
        resultOrThrow();
        return true;
    }

    @Override
    public final T get() throws InterruptedException, ExecutionException {
        if (outcome() == null) {
            awaitEnd(false, 0);
        }
        return resultForFuture();
    }

    @Override
    public final T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        long nanos = Math.max(0, Math.min(unit.toNanos(timeout), Durations.LONGEST));
        if (outcome() == null && !awaitEnd(true, EngineTime.nanos() + nanos)) {
            throw new TimeoutException("the task has not ended within " + timeout + " " + unit + "; it goes on");
        }
        return resultForFuture();
    }

    @Override
    public final boolean cancel(boolean mayInterruptIfRunning) {
        return cancel(mayInterruptIfRunning ? Cancel.interrupt() : Cancel.dequeue());
    }

    // ---- the outcome

    @Override
    public final boolean isDone() {
        return outcome() != null;
    }

    @Override
    public final boolean isCancelled() {
        return outcome() instanceof Failure failure && failure.kind() == Failure.Kind.CANCELLED;
    }

    /** How the task failed; null if it did not, or has not ended. */
    protected final @Nullable Failure failure() {
        return outcome() instanceof Failure failure ? failure : null;
    }

    /** The outcome, decoded by the first who asks if it came as bytes. */
    final @Nullable Object settled() {
        Object value = outcome();
        if (!(value instanceof Undecoded undecoded)) {
            return value;
        }
        return replace(undecoded, undecoded.result()); // lets go of the bytes
    }

    /** The result of a task that has ended, or what {@code await} throws. */
    private T resultOrThrow() {
        Object value = settled();
        if (value instanceof Failure failure) {
            throw unchecked(failure);
        }
        return cast(value);
    }

    private String cancelled() {
        Cancel.Rung rung = endedBy().orElse(null);
        if (rung == null) {
            return "the task was cancelled";
        }
        return switch (rung) {
            case DEQUEUE -> "the task was cancelled before it began";
            case INTERRUPT -> "the task was cancelled while it ran, and interrupted";
            case KILL -> "the task was cancelled while it ran, and its slave was killed, since it did not stop";
        };
    }

    /**
     * The result of a task that has ended, or exactly what its function threw.
     *
     * @param <X> what the function is known to throw
     */
    @SuppressWarnings("unchecked") // the function declares X, so what it threw is X or unchecked
    public final <X extends Exception> T resultOrThrowExactly() throws X {
        Object value = settled();
        if (value instanceof Failure failure && failure.kind() == Failure.Kind.THROWN) {
            throw (X) CoreTask.<RuntimeException>sneak(failure.seeAsWaiter());
        }
        return resultOrThrow();
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the way to throw what the compiler cannot know
    private static <E extends Throwable> E sneak(Throwable error) throws E {
        throw (E) error;
    }

    private T resultForFuture() throws ExecutionException {
        Object value = settled();
        if (value instanceof Failure failure) {
            Throwable error = forFuture(failure, failure.seeAsWaiter());
            if (failure.kind() == Failure.Kind.CANCELLED) {
                throw (CancellationException) error;
            }
            throw new ExecutionException(error);
        }
        return cast(value);
    }

    /** What futures of the JDK report. */
    static Throwable forFuture(Failure failure, Throwable error) {
        return switch (failure.kind()) {
            case CANCELLED -> new CancellationException("the task was cancelled");
            case INTERRUPTED -> new TaskInterruptedException("the task was interrupted", error);
            case THROWN -> error;
        };
    }

    /** The result in an outcome that is no failure. */
    @SuppressWarnings({"unchecked", "NullAway"}) // null only where the function returned it, which T allows then
    final T cast(@Nullable Object value) {
        return (T) (value == NULL ? null : value);
    }

    private RuntimeException unchecked(Failure failure) {
        Throwable error = failure.seeAsWaiter();
        return switch (failure.kind()) {
            case CANCELLED -> new TaskCancelledException(cancelled());
            case INTERRUPTED -> new TaskInterruptedException("the task was interrupted", error);
            case THROWN -> uncheckedOf(error);
        };
    }

    private static RuntimeException uncheckedOf(Throwable error) {
        if (error instanceof Error serious) {
            throw serious;
        }
        return error instanceof RuntimeException own ? own : new TaskFailedException(error);
    }

    @Override
    public final CompletableFuture<T> toCompletableFuture() {
        LinkedFuture<T> future = new LinkedFuture<>(this);
        atEnd(() -> Completions.run(future::follow));
        return future;
    }

    /** A future whose cancellation reaches the task. */
    private static final class LinkedFuture<T extends @Nullable Object> extends CompletableFuture<T> {
        private final CoreTask<T> task;

        LinkedFuture(CoreTask<T> task) {
            this.task = task;
        }

        /** Ends as the task did. */
        void follow() {
            Object value = task.settled();
            if (value instanceof Failure failure) {
                completeExceptionally(forFuture(failure, failure.see()));
            } else {
                complete(task.cast(value));
            }
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            if (!task.cancel(mayInterruptIfRunning) && !task.isCancelled()) {
                follow(); // it had ended, and its end is on its way to this future
            }
            return super.cancel(mayInterruptIfRunning);
        }

        @Override
        public <U> CompletableFuture<U> newIncompleteFuture() {
            return new CompletableFuture<>();
        }
    }
}
