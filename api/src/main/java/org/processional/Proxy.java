// SPDX-License-Identifier: Apache-2.0
package org.processional;

import org.jspecify.annotations.Nullable;

/**
 * A handle on an object that lives in another process.
 *
 * <p>Captured in a function that is sent to the owner, it arrives as a handle whose {@link #get()} is the object itself,
 * the same one every time. It holds the object there until it is closed, or dropped.
 *
 * <p><b>Threads:</b> everything from any thread. {@code call}, {@code run} and {@code schedule} run on the main thread of
 * the owner, if the object was made there by {@code wrap}; of an object that was {@linkplain Processional#export exported},
 * on the pool or the executor that is said there. If a thread of the owner waits in the same chain of calls, {@code call}
 * and {@code run} run on that thread. In the process of the owner itself, all three run in place.
 *
 * @param <T> the object
 * @since 0.1
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

    /**
     * A live stand-in for the object, with an interface of it: each method is called on the object, where it lives, as by
     * {@link #call}. In the process of the owner it is the object itself, also if a stand-in is sent there.
     *
     * <p>Default methods run there too, unless they are marked {@link Local}; {@code equals}, {@code hashCode} and
     * {@code toString} are those of the object. A method that returns {@link Task}, {@link java.util.concurrent.Future},
     * {@link java.util.concurrent.CompletionStage} or {@link java.util.concurrent.CompletableFuture} does not wait for
     * what it returns; one that is marked {@link OneWay} does not wait at all. Exceptions arrive as the method throws
     * them; what arguments and results cannot travel is a {@link CodecException}. It holds the object as this does.
     *
     * @param type a public interface; where it is in a package that its module does not export, the owner's JVM needs an
     *     {@code --add-exports}, which the exception names
     * @param <S> the interface
     * @return the stand-in
     * @throws IllegalArgumentException if it is not an interface, not public, or sealed: {@link #call} works for any type
     * @throws ProxyException if the object is not of that interface, or was released
     */
    <S> S as(Class<S> type);

    /**
     * A live stand-in for the object, with all its public interfaces that are known here; else as {@link #as}.
     *
     * @return the stand-in. Where {@code T} is a class, the assignment fails with a {@link ClassCastException}: use
     *     {@link #call} then
     * @throws ProxyException if the object was released
     */
    T stub();

    /**
     * Gives the object up; it is released when nobody else holds it. Further calls of other methods fail. It does not wait
     * for functions that captured the proxy and have not begun: await them before.
     */
    @Override
    void close();
}
