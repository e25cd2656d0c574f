// SPDX-License-Identifier: Apache-2.0
package org.processional;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Another JVM that runs tasks: one that this process started ({@link Processional#slave()},
 * {@link Processional#server}), or one it is a client of ({@link Processional#client}).
 *
 * <p>Functions and their results are serialized; what cannot travel fails in the caller's stack, with the reason.
 * {@link #close()} ends a slave; it only leaves a server, which ends by itself when its last client has left, unless it
 * is persistent.
 *
 * <p><b>Threads:</b> everything from any thread. Functions run one at a time on the main thread of the other process,
 * those given to {@code thread} beside it.
 *
 * @since 0.1
 */
public non-sealed interface SlaveProcess extends Slave {
    /**
     * Runs a function in a new thread of the other process, beside its queue.
     *
     * @param call the function
     * @param <T> its result
     * @return the handle on it
     * @throws SlaveClosedException if the slave is closed
     * @throws SlaveFullException if there was no room for it in time
     * @throws CodecException if the function cannot travel
     */
    <T extends @Nullable Object> Task<T> thread(Call<T, ?> call);

    /**
     * Runs a function that returns nothing in a new thread of the other process, as {@link #thread(Call)}.
     *
     * @param action the function
     * @return the handle on it
     */
    Task<@Nullable Void> thread(Action<?> action);

    /**
     * Runs a function in a new thread of the other process, as {@link #thread(Call)}, with a time limit that counts from
     * now.
     *
     * @param call the function
     * @param options name and time limit
     * @param <T> its result
     * @return the handle on it
     * @throws IllegalArgumentException if it is to be killed at its limit, and this process did not start the other one
     * @throws ProcessionalException as {@link #thread(Call)}
     */
    <T extends @Nullable Object> Task<T> thread(Call<T, ?> call, TaskOptions options);

    /**
     * Runs a function that returns nothing in a new thread of the other process, as {@link #thread(Call, TaskOptions)}.
     *
     * @param action the function
     * @param options name and time limit
     * @return the handle on it
     */
    Task<@Nullable Void> thread(Action<?> action, TaskOptions options);

    /**
     * Runs a function there and keeps its result there.
     *
     * @param call makes the object; it need not be serializable
     * @param <T> the object
     * @return a handle on the object; the object is released when nobody holds a handle any more
     * @throws TaskFailedException if the function threw a checked exception; an unchecked one is thrown as it is
     * @throws ProcessionalException as {@link #invoke(Call)}
     */
    <T extends @Nullable Object> Proxy<T> wrap(Call<? extends T, ?> call);

    /**
     * Runs a function there and keeps its result there under a name, which holds the object until it is removed.
     *
     * @param name the name, not empty and without control characters; an object that had it before is replaced
     * @param call makes the object
     * @param <T> the object
     * @return a handle on the object
     * @throws ProcessionalException as {@link #wrap(Call)}
     */
    <T extends @Nullable Object> Proxy<T> wrap(String name, Call<? extends T, ?> call);

    /**
     * Runs a function there, keeps its result there, and gives out a stand-in: {@code wrap(call).as(type)}.
     *
     * @param type the interface
     * @param call the function
     * @param <S> the interface
     * @return the stand-in
     * @throws IllegalArgumentException if it is not a public interface
     * @throws ProxyException if the result is not of that interface
     * @throws ProcessionalException as {@link #wrap(Call)}
     */
    default <S> S wrap(Class<S> type, Call<? extends S, ?> call) {
        return this.<S>wrap(call).as(type);
    }

    /**
     * Finds the object that was kept under a name by {@link #wrap(String, Call)}, by any client.
     *
     * @param name the name
     * @param <T> the object; not checked here
     * @return a handle on the object
     * @throws ProxyException if there is no such name; the message lists those there are
     */
    <T extends @Nullable Object> Proxy<T> named(String name);

    /** The names that objects are kept under there now. */
    Set<String> names();

    /**
     * Removes a name; the object is released when nobody holds a handle any more.
     *
     * @param name the name
     * @return whether there was such a name
     */
    boolean remove(String name);

    /**
     * Connects the process to another one, so that proxies of objects of that other process work there too. The connection
     * keeps neither of them alive.
     *
     * @param other any process that this one is connected to: a slave, or a server
     * @throws ConnectionException if the two cannot be connected
     */
    void connect(SlaveProcess other);

    /**
     * The objects that the process keeps for others, the oldest first. The answer overtakes what waits for the main thread
     * of the process, so that it comes while that is busy; a proxy that was closed a moment ago may still be in it.
     *
     * @return the objects, and who holds them
     */
    List<Export> exports();

    /**
     * What the process is doing. It is told beside the queue, so that it comes while the main thread is busy, and also
     * where only named functions run.
     *
     * @return the figures of the moment
     * @throws SlaveClosedException if this is closed
     * @throws ConnectionException if the connection is lost, or the process does not tell within a minute
     */
    ProcessStatus status();

    /**
     * The classes that the process has from its clients, since it lacked them.
     *
     * @return the classes, client by client, in the order in which they were loaded
     */
    List<ShippedClass> code();

    /**
     * Lets the process forget the classes that it has from this client: the next function brings them anew. Objects of
     * these classes live on.
     *
     * @return the number of classes
     */
    int evictCode();

    /**
     * Lets the process outlive its master: it goes on until its queue is empty and its threads have finished, then
     * exits by itself. {@link #close()} only disconnects afterwards, when the process has read what was scheduled. What the
     * process starts is its own from then on, and does not end with it.
     */
    void detach();

    /** Lets a server outlive its last client: it goes on until {@link #stop()}. */
    void persist();

    /** Asks the process to end: it takes nothing new, finishes what is queued, and exits. Does not wait for that. */
    void stop();

    /** Kills a process that this one started, with all its children, at once; disconnects from any other. */
    void terminate();

    /** The process id on its host. */
    long pid();

    /** The identity of the process: unique among all that ever run. */
    String id();

    /** The address at which the process was reached. */
    String address();

    /** How the process ended, if it is one that this process started, and has ended. */
    Optional<Integer> exitCode();
}
