// SPDX-License-Identifier: Apache-2.0
package org.processional;

import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Runs functions, one after the other, on one thread of its own: in this JVM ({@link SlaveThread}) or in another
 * ({@link SlaveProcess}).
 *
 * <p>Tasks that one thread schedules start in the order of scheduling. A slave is a resource: close it. What is dropped
 * without being closed is cleaned up, and reported in the log.
 *
 * <p><b>Threads:</b> everything from any thread.
 *
 * @since 0.1
 */
public sealed interface Slave extends AutoCloseable permits SlaveThread, SlaveProcess {
    /**
     * Runs a function on the slave and waits for it. On the slave's own thread it runs in place.
     *
     * @param call the function
     * @param <T> its result
     * @param <X> what it throws
     * @return its result
     * @throws X as the function does
     * @throws WaitInterruptedException if the calling thread was interrupted; the function is cancelled then
     * @throws SlaveClosedException if the slave is closed
     * @throws SlaveFullException if there was no room for it in time
     * @throws ProcessionalException if the slave died, the function or its result could not travel, or it would be waited
     *     for without end, since the thread of the slave waits for the calling one
     */
    <T extends @Nullable Object, X extends Exception> T invoke(Call<T, X> call) throws X;

    /**
     * Runs a function that returns nothing, as {@link #invoke(Call)}.
     *
     * @param action the function
     * @param <X> what it throws
     * @throws X as the function does
     * @throws ProcessionalException as {@link #invoke(Call)}
     */
    <X extends Exception> void invoke(Action<X> action) throws X;

    /**
     * Runs a function on the slave and waits for it, as {@link #invoke(Call)}, within a time limit. On the slave's own
     * thread it runs in place, and the limit interrupts it there.
     *
     * @param call the function
     * @param options name and time limit
     * @param <T> its result
     * @param <X> what it throws
     * @return its result
     * @throws X as the function does
     * @throws TaskTimeoutException if it did not end within its limit
     * @throws IllegalArgumentException if it is to be killed at its limit, and may not be killed here
     * @throws ProcessionalException as {@link #invoke(Call)}
     */
    <T extends @Nullable Object, X extends Exception> T invoke(Call<T, X> call, TaskOptions options) throws X;

    /**
     * Runs a function that returns nothing, as {@link #invoke(Call, TaskOptions)}.
     *
     * @param action the function
     * @param options name and time limit
     * @param <X> what it throws
     * @throws X as the function does
     * @throws ProcessionalException as {@link #invoke(Call, TaskOptions)}
     */
    <X extends Exception> void invoke(Action<X> action, TaskOptions options) throws X;

    /**
     * Puts a function into the queue of the slave. Waits while the slave has no room for it.
     *
     * @param call the function
     * @param <T> its result
     * @return the handle on it
     * @throws SlaveClosedException if the slave is closed
     * @throws SlaveFullException if the slave had no room within its time limit, or at once on the slave's own thread
     * @throws WaitInterruptedException if the calling thread was interrupted while it waited for room; nothing was
     *     scheduled then
     * @throws CodecException if the function cannot travel
     */
    <T extends @Nullable Object> Task<T> schedule(Call<T, ?> call);

    /**
     * Puts a function that returns nothing into the queue, as {@link #schedule(Call)}.
     *
     * @param action the function
     * @return the handle on it
     */
    Task<@Nullable Void> schedule(Action<?> action);

    /**
     * Puts a function into the queue of the slave, as {@link #schedule(Call)}, with a time limit that counts from now.
     *
     * @param call the function
     * @param options name and time limit
     * @param <T> its result
     * @return the handle on it
     * @throws TaskTimeoutException if the slave had no room for it within its limit
     * @throws IllegalArgumentException if it is to be killed at its limit, and may not be killed here
     * @throws ProcessionalException as {@link #schedule(Call)}
     */
    <T extends @Nullable Object> Task<T> schedule(Call<T, ?> call, TaskOptions options);

    /**
     * Puts a function that returns nothing into the queue, as {@link #schedule(Call, TaskOptions)}.
     *
     * @param action the function
     * @param options name and time limit
     * @return the handle on it
     */
    Task<@Nullable Void> schedule(Action<?> action, TaskOptions options);

    /**
     * Puts a function into the queue of the slave if there is room now.
     *
     * @param call the function
     * @param <T> its result
     * @return the handle on it; empty if there was no room
     * @throws SlaveClosedException if the slave is closed
     * @throws CodecException if the function cannot travel
     */
    <T extends @Nullable Object> Optional<Task<T>> trySchedule(Call<T, ?> call);

    /**
     * Puts a function that returns nothing into the queue if there is room now, as {@link #trySchedule(Call)}.
     *
     * @param action the function
     * @return the handle on it; empty if there was no room
     */
    Optional<Task<@Nullable Void>> trySchedule(Action<?> action);

    /**
     * A view of this slave for code that wants an executor, with the contracts of {@link ExecutorService}. What the slave
     * does not take (it is closed, full, or the command cannot travel) is a
     * {@link java.util.concurrent.RejectedExecutionException} with the reason as its cause. Its {@code shutdown} ends the
     * view alone; the slave lives on.
     *
     * <p>If the slave is a process, what is submitted must be serializable. So code that wraps commands in objects of its
     * own, as {@code CompletableFuture.supplyAsync} and {@link java.util.concurrent.ExecutorCompletionService} do, is
     * rejected: {@code schedule(...).toCompletableFuture()} and {@link Task#results} are for that. {@code shutdownNow}
     * cancels what has not begun, and gives nothing back, since it has left this process.
     *
     * @return a new view
     */
    ExecutorService executor();

    /** Whether the slave takes tasks. */
    boolean isOpen();

    /**
     * Ends the slave: refuses what is new, lets what is scheduled finish within a limit, then stops. Further calls do
     * nothing. On the slave's own thread it does not wait; an adopted thread, outside of its tasks, runs the rest itself.
     */
    @Override
    void close();
}
