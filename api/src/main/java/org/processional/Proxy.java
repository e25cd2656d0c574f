// SPDX-License-Identifier: Apache-2.0
package org.processional;

import org.jspecify.annotations.Nullable;

/**
 * A handle on an object that lives in another process.
 *
 * <p>Captured in a function that is sent to the owner, it arrives as a handle whose {@link #get()} is the object itself,
 * the same one every time. It holds the object there until it is closed, or dropped.
 *
 * <p><b>Threads:</b> everything from any thread; {@code call}, {@code run} and {@code schedule} run on the main thread
 * of the owner.
 *
 * @param <T> the object
 */
public interface Proxy<T extends @Nullable Object> extends AutoCloseable {
    /**
     * The object itself in the process that owns it; a copy of it elsewhere.
     *
     * @return the object, or its copy
     * @throws ProxyException if the object was released
     * @throws CodecException if the object cannot travel
     */
    T get();

    /**
     * Runs a function on the object, where it lives, and waits for it.
     *
     * @param work the function
     * @param <R> its result
     * @param <X> what it throws
     * @return its result
     * @throws X as the function does
     * @throws ProxyException if the object was released
     * @throws ProcessionalException as {@link Slave#invoke(Call)}
     */
    <R extends @Nullable Object, X extends Exception> R call(Work<? super T, R, X> work) throws X;

    /**
     * Runs a function that returns nothing on the object, as {@link #call}.
     *
     * @param effect the function
     * @param <X> what it throws
     * @throws X as the function does
     * @throws ProcessionalException as {@link #call}
     */
    <X extends Exception> void run(Effect<? super T, X> effect) throws X;

    /**
     * Puts a function on the object into the queue of its owner.
     *
     * @param work the function
     * @param <R> its result
     * @return the handle on it
     */
    <R extends @Nullable Object> Task<R> schedule(Work<? super T, R, ?> work);

    /** Gives the object up; it is released when nobody else holds it. Further calls of other methods fail. */
    @Override
    void close();
}
