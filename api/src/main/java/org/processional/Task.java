// SPDX-License-Identifier: Apache-2.0
package org.processional;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A handle on one function that runs somewhere else: its state, and in the end its result or its failure.
 *
 * <p>A task ends exactly once. Its result can be asked for any number of times. A task that failed, and whose handle
 * was dropped without anybody having seen the failure, reports it in the log, at the latest when the JVM ends.
 *
 * <p>{@code await} never makes the caller declare anything: an unchecked exception of the function is thrown as it is,
 * a checked one as the cause of a {@link TaskFailedException}. {@code get} keeps the contract of the JDK.
 *
 * <p><b>Threads:</b> everything from any thread. What the function did is visible to those who saw its end.
 *
 * @param <T> the result
 * @since 0.1
 */
public interface Task<T extends @Nullable Object> extends Future<T> {
    /**
     * Waits for the end of the task.
     *
     * @return the result
     * @throws TaskFailedException if the function threw a checked exception, which is the cause; an unchecked one is
     *     thrown as it is
     * @throws TaskInterruptedException if the function was ended by {@link #interrupt()}
     * @throws TaskCancelledException if the task was cancelled
     * @throws TaskTimeoutException if it has a time limit, which is over
     * @throws WaitInterruptedException if the calling thread was interrupted; the task goes on
     * @throws ProcessionalException if the slave was closed or died, the result could not travel, or the wait would never
     *     end: for a task that is queued behind the calling one, or in a slave whose thread waits for the calling one
     */
    T await();

    /**
     * Waits for the end of the task, at most a time.
     *
     * @param wait longest time to wait; zero looks once
     * @return the result
     * @throws TaskTimeoutException if the task has not ended in time; it goes on
     * @throws IllegalArgumentException if {@code wait} is negative
     * @throws ProcessionalException and others, as {@link #await()}
     */
    T await(Duration wait);

    /**
     * Looks whether the task has ended, and throws its failure if it has one. {@link #isDone()} looks only.
     *
     * @return true if it ended with a result, false if it has not ended
     * @throws ProcessionalException and others, as {@link #await()}
     */
    boolean check();

    /**
     * Cancels the task: takes it out of the queue, or interrupts it while it runs. The same as {@code cancel(true)}.
     *
     * @return true if the task ends as cancelled, false if it had ended before
     */
    default boolean cancel() {
        return cancel(true);
    }

    /**
     * Cancels the task. One that has not begun never will. One that runs is interrupted if that is wanted; the handle
     * ends as cancelled at once, while the function goes on until it heeds the interrupt.
     *
     * @param mayInterruptIfRunning whether to interrupt a function that runs
     * @return true if the task ends as cancelled, false if it had ended before
     */
    @Override
    boolean cancel(boolean mayInterruptIfRunning);

    /**
     * Cancels the task as far as is said. The handle ends as cancelled at once, and nobody waits here for the rest: what
     * comes after the grace is done elsewhere. May be called again to go further.
     *
     * @param how the last rung that is allowed
     * @return true if the task ends as cancelled by this call, false if it had ended before
     * @throws IllegalArgumentException if it may not be killed where it runs: in a thread of this JVM, or in a process
     *     that this one did not start; nothing has happened then
     */
    boolean cancel(Cancel how);

    /**
     * Which rung of the ladder ended the function of a task that was cancelled or interrupted, or whose time was over. The
     * handle ends before that is known: a function may take its time to heed an interrupt, and another process to answer.
     *
     * @return the rung; empty while it is not known, and for a function that ended by itself
     */
    Optional<Cancel.Rung> endedBy();

    /**
     * Interrupts the function, which ends it at its next interruptible point, outside any region made by
     * {@link Processional#uninterruptible()}. A task that has not begun ends interrupted without beginning. The end is
     * reported as {@link TaskInterruptedException}, unless the function caught the interrupt and ended otherwise.
     */
    void interrupt();

    /**
     * A future that ends as this task does. Its dependents run on a pool of Processional, or where their own executor
     * says, never on a thread that serves connections. Cancelling it cancels the task.
     *
     * @return a new future
     */
    CompletableFuture<T> toCompletableFuture();

    /**
     * A task that ends when all of several have ended, with their results in the order in which the tasks were given. It
     * fails as soon as the first of them fails, as that one did, and then cancels the rest.
     *
     * <p>To cancel or interrupt it is to do so with each. Waiting for it is like waiting for its parts: in the middle of a
     * chain of calls, they overtake what is queued.
     *
     * @param tasks the tasks, of any slaves; none of them gives an empty list
     * @param <T> their results
     * @return a new task
     */
    static <T extends @Nullable Object> Task<List<T>> all(Collection<? extends Task<? extends T>> tasks) {
        return Processional.engine().all(tasks);
    }

    /**
     * A task that ends when all of several have ended, as {@link #all(Collection)}.
     *
     * @param tasks the tasks
     * @param <T> their results
     * @return a new task
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // List.of takes the array as it is, and only reads it
    static <T extends @Nullable Object> Task<List<T>> all(Task<? extends T>... tasks) {
        return all(List.of(tasks));
    }

    /**
     * A task that ends with the result of the first of several that ends with one, and then cancels the rest. Failures of
     * others are passed over; if all fail, it fails as the first of them did.
     *
     * <p>To cancel or interrupt it is to do so with each. Waiting for it is like waiting for its parts.
     *
     * @param tasks the tasks, of any slaves
     * @param <T> their results
     * @return a new task
     * @throws IllegalArgumentException if there are none
     */
    static <T extends @Nullable Object> Task<T> any(Collection<? extends Task<? extends T>> tasks) {
        return Processional.engine().any(tasks);
    }

    /**
     * A task that ends with the first result of several, as {@link #any(Collection)}.
     *
     * @param tasks the tasks
     * @param <T> their results
     * @return a new task
     * @throws IllegalArgumentException if there are none
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // List.of takes the array as it is, and only reads it
    static <T extends @Nullable Object> Task<T> any(Task<? extends T>... tasks) {
        return any(List.of(tasks));
    }

    /**
     * The results of several tasks as a stream, each as its task ends. Every subscriber gets all of them, no more than it
     * has asked for; results wait in their tasks meanwhile.
     *
     * <p>A failure ends the stream as {@code onError} with what {@link #get()} has as the cause; a cancelled task does so
     * with a {@link java.util.concurrent.CancellationException}, a null result with a {@link NullPointerException}, since a
     * stream carries none. The stream changes nothing for the tasks: they go on when it ends, or its subscription is
     * cancelled.
     *
     * <p><b>Threads:</b> subscribers are called on a pool of Processional, one call at a time; {@code onSubscribe} in the
     * thread that subscribes.
     *
     * @param tasks the tasks, of any slaves
     * @param <T> their results
     * @return a publisher
     */
    static <T> Flow.Publisher<T> results(Collection<? extends Task<? extends T>> tasks) {
        return Processional.engine().results(tasks);
    }
}
