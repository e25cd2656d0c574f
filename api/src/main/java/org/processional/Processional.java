// SPDX-License-Identifier: Apache-2.0
package org.processional;

import java.io.Serializable;
import java.lang.invoke.MethodHandles;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.processional.spi.Engine;
import org.processional.spi.EngineProvider;
import org.processional.spi.Providers;

/**
 * Everything begins here: functions that run in another thread, or in another process.
 *
 * <pre>{@code
 * import static org.processional.Processional.*;
 *
 * Task<Long> task = thread(() -> heavyWork(1_000_000));       // a thread with a result
 * System.out.println(task.await());
 *
 * try (SlaveProcess process = slave()) {                      // another JVM
 *     long sum = process.invoke(() -> heavyWork(1_000_000));  // as easy as here
 * }
 * }</pre>
 *
 * <p><b>Threads:</b> everything from any thread.
 *
 * @since 0.1
 */
public final class Processional {
    private Processional() {}

    /** Finds the engine once; a failure is thrown to every caller. */
    private static final class Holder {
        static final Engine ENGINE = find();

        private static Engine find() {
            Providers.Found<EngineProvider> found = Providers.find(EngineProvider.class);
            return found.providers().stream()
                    .max(Comparator.comparingInt(EngineProvider::priority))
                    .orElseThrow(() -> missing(found))
                    .engine();
        }

        private static ProviderException missing(Providers.Found<EngineProvider> found) {
            String why = found.failures().isEmpty()
                    ? "; add module org.processional.engine (artifact processional-engine)"
                    : " loads: " + found.failures().get(0).getMessage();
            ProviderException missing = new ProviderException("no engine on the module path or class path" + why);
            found.failures().forEach(missing::addSuppressed);
            return missing;
        }
    }

    /** The engine; the first call finds it. */
    static Engine engine() {
        try {
            return Holder.ENGINE;
        } catch (ExceptionInInitializerError e) {
            if (e.getCause() instanceof ProviderException missing) {
                throw missing;
            }
            throw e;
        } catch (NoClassDefFoundError e) { // every use after the first that failed
            throw new ProviderException("no engine on the module path or class path; the first call told why", e);
        }
    }

    /**
     * Runs a function in a new thread that ends with the program.
     *
     * @param call the function
     * @param <T> its result
     * @return the handle on it
     */
    public static <T extends @Nullable Object> Task<T> thread(Call<T, ?> call) {
        return engine().thread(ThreadOptions.defaults(), call);
    }

    /**
     * Runs a function that returns nothing in a new thread, as {@link #thread(Call)}.
     *
     * @param action the function
     * @return the handle on it
     */
    public static Task<@Nullable Void> thread(Action<?> action) {
        return thread(ThreadOptions.defaults(), action);
    }

    /**
     * Runs a function in a new thread.
     *
     * @param options name, whether it keeps the JVM alive, whether it is virtual
     * @param call the function
     * @param <T> its result
     * @return the handle on it
     * @throws IllegalArgumentException if a virtual thread is wanted and the JDK has none, or one that keeps the JVM alive,
     *     which none does
     */
    public static <T extends @Nullable Object> Task<T> thread(ThreadOptions options, Call<T, ?> call) {
        return engine().thread(options, call);
    }

    /**
     * Runs a function that returns nothing in a new thread, as {@link #thread(ThreadOptions, Call)}.
     *
     * @param options name, whether it keeps the JVM alive, whether it is virtual
     * @param action the function
     * @return the handle on it
     */
    public static Task<@Nullable Void> thread(ThreadOptions options, Action<?> action) {
        return engine().thread(options, asCall(action));
    }

    /**
     * Runs a function in a new thread, with a time limit that counts from now.
     *
     * @param call the function
     * @param options name of the task and time limit
     * @param <T> its result
     * @return the handle on it
     * @throws IllegalArgumentException if it is to be killed at its limit, which a thread cannot be
     */
    public static <T extends @Nullable Object> Task<T> thread(Call<T, ?> call, TaskOptions options) {
        return engine().thread(ThreadOptions.builder().task(options).build(), call);
    }

    /**
     * Runs a function that returns nothing in a new thread, as {@link #thread(Call, TaskOptions)}.
     *
     * @param action the function
     * @param options name of the task and time limit
     * @return the handle on it
     */
    public static Task<@Nullable Void> thread(Action<?> action, TaskOptions options) {
        return thread(asCall(action), options);
    }

    /**
     * Tells whether the task that the calling thread runs shall stop; in a function of a task, and in all that it calls.
     *
     * @return the token of the task, and of those that it runs within; outside of tasks, one that never requests anything
     */
    public static CancellationToken cancellation() {
        return engine().cancellation();
    }

    @SuppressWarnings("NullAway") // null is the only value of Void; the analyser does not see that it may be
    private static Call<@Nullable Void, Exception> asCall(Action<?> action) {
        return () -> {
            action.run();
            return null;
        };
    }

    /**
     * Starts a thread that runs many tasks, one at a time.
     *
     * @return the slave; close it
     */
    public static SlaveThread slaveThread() {
        return engine().slaveThread(SlaveThreadOptions.defaults());
    }

    /**
     * Starts a thread that runs many tasks, one at a time.
     *
     * @param options name, capacity, way of waiting, limits
     * @return the slave; close it
     */
    public static SlaveThread slaveThread(SlaveThreadOptions options) {
        return engine().slaveThread(options);
    }

    /**
     * Makes a slave of the calling thread, which then runs what others schedule whenever it calls
     * {@link SlaveThread#step()} or {@link SlaveThread#loop()}.
     *
     * @return the slave; close it
     */
    public static SlaveThread adoptThread() {
        return engine().adoptThread(SlaveThreadOptions.defaults());
    }

    /**
     * Makes a slave of the calling thread, as {@link #adoptThread()}.
     *
     * @param options capacity, way of waiting, limits
     * @return the slave; close it
     */
    public static SlaveThread adoptThread(SlaveThreadOptions options) {
        return engine().adoptThread(options);
    }

    /**
     * Makes a slave of an event loop, such as that of Swing or JavaFX.
     *
     * <pre>{@code
     * SlaveThread gui = adoptLoop(SwingUtilities::invokeLater, SwingUtilities::isEventDispatchThread);
     * }</pre>
     *
     * @param loop runs what it is given, in order, one at a time
     * @param onLoop whether the calling thread is the loop's own, where {@code invoke} runs in place
     * @return the slave; close it: the loop itself lives on
     */
    public static SlaveThread adoptLoop(Executor loop, BooleanSupplier onLoop) {
        return engine().adoptLoop(SlaveThreadOptions.defaults(), loop, onLoop);
    }

    /**
     * Makes a slave of an event loop, as {@link #adoptLoop(Executor, BooleanSupplier)}.
     *
     * @param options capacity, way of waiting, limits
     * @param loop runs what it is given, in order, one at a time
     * @param onLoop whether the calling thread is the loop's own
     * @return the slave; close it: the loop itself lives on
     */
    public static SlaveThread adoptLoop(SlaveThreadOptions options, Executor loop, BooleanSupplier onLoop) {
        return engine().adoptLoop(options, loop, onLoop);
    }

    /**
     * Opens a region in which interrupts of the calling thread are held back, until it is closed.
     *
     * <pre>{@code
     * try (Uninterruptible region = uninterruptible()) {
     *     writeBothHalves();
     * }
     * }</pre>
     *
     * @return the region
     */
    public static Uninterruptible uninterruptible() {
        return engine().uninterruptible();
    }

    /**
     * Starts another JVM like this one, for this process alone, and connects to it.
     *
     * @return the slave; close it
     * @throws SlaveStartException if it did not start
     */
    public static SlaveProcess slave() {
        return engine().slave(SlaveOptions.defaults());
    }

    /**
     * Starts another JVM for this process alone, and connects to it.
     *
     * <p>With {@link SlaveOptions#reserve()}, the first call has that many more slaves of equal options started in the
     * background; later calls get one of them at once, and another one is started in its place. They end with this
     * process, or when nobody has asked for one for 5 minutes; the next call fills the reserve again.
     *
     * @param options address, flags, paths, limits, and more
     * @return the slave; close it
     * @throws SlaveStartException if it did not start
     * @throws ProcessionalException if the options name something that is missing
     */
    public static SlaveProcess slave(SlaveOptions options) {
        return engine().slave(options);
    }

    /**
     * Starts another JVM like this one, as a server for many clients, and connects to it as its first client.
     *
     * @param address where it listens, such as {@code unix:/tmp/server}
     * @return the server as seen by this client; close it to leave
     * @throws ConnectionException if another process listens at the address
     * @throws SlaveStartException if it did not start
     */
    public static SlaveProcess server(String address) {
        return engine().server(
                        SlaveOptions.builder().address(address).name("server").build());
    }

    /**
     * Starts another JVM as a server for many clients, and connects to it as its first client.
     *
     * @param options address, flags, paths, limits, and more
     * @return the server as seen by this client; close it to leave
     * @throws ConnectionException if another process listens at the address
     * @throws SlaveStartException if it did not start
     * @throws IllegalArgumentException if an option is for slaves alone: {@code restart}, {@code log}, {@code reserve}
     */
    public static SlaveProcess server(SlaveOptions options) {
        return engine().server(options);
    }

    /**
     * Connects to a server, waiting for it to appear.
     *
     * @param address where it listens
     * @return the server as seen by this client; close it to leave
     * @throws ConnectionException if there was no server in time, or it refused
     */
    public static SlaveProcess client(String address) {
        return engine().client(address, ClientOptions.defaults());
    }

    /**
     * Connects to a server, waiting for it to appear.
     *
     * @param address where it listens
     * @param options limits, secret, codec
     * @return the server as seen by this client; close it to leave
     * @throws ConnectionException if there was no server in time, or it refused
     */
    public static SlaveProcess client(String address, ClientOptions options) {
        return engine().client(address, options);
    }

    /**
     * Makes this process a server for many clients, whose tasks run on a thread of its own.
     *
     * @param address where to listen
     * @return the server; close it
     * @throws ConnectionException if the address cannot be listened at
     */
    public static Server serve(String address) {
        return engine().serve(address, ServeOptions.defaults());
    }

    /**
     * Makes this process a server for many clients, whose tasks run on a thread of its own.
     *
     * @param address where to listen
     * @param options name, secret, limits
     * @return the server; close it
     * @throws ConnectionException if the address cannot be listened at
     */
    public static Server serve(String address, ServeOptions options) {
        return engine().serve(address, options);
    }

    /**
     * Makes an object of this process reachable for others: the proxy, captured in a function or returned by one, lets
     * them call it here.
     *
     * <p>A call runs on the thread that waits in its chain: where this process waits for a function of a slave, and the
     * function calls the object, that is the waiting thread. If nobody waits, it runs on a thread of a pool, one at a
     * time for each process and object, in their order.
     *
     * @param object the object; it need not be serializable
     * @param <T> the object
     * @return the handle; the object is held until this is closed or dropped, and no other process holds a proxy
     */
    public static <T> Proxy<T> export(T object) {
        return engine().export(object, null, null);
    }

    /**
     * Makes an object of this process reachable for others, as {@link #export(Object)}.
     *
     * @param object the object
     * @param executor what calls run on where nobody waits in their chain, such as {@code slaveThread().executor()}; a call
     *     that it refuses fails, one that it drops without a word is never answered
     * @param <T> the object
     * @return the handle
     */
    public static <T> Proxy<T> export(T object, Executor executor) {
        return engine().export(object, executor, null);
    }

    /**
     * Makes an object of this process reachable for others, as {@link #export(Object)}, with interfaces that its module
     * does not export.
     *
     * @param object the object
     * @param lookup {@code MethodHandles.lookup()} of a class that may call the methods of the interfaces by which others
     *     use the object ({@link Proxy#as})
     * @param <T> the object
     * @return the handle
     */
    public static <T> Proxy<T> export(T object, MethodHandles.Lookup lookup) {
        return engine().export(object, null, lookup);
    }

    /**
     * Makes an object of this process reachable for others, as {@link #export(Object, Executor)} and
     * {@link #export(Object, MethodHandles.Lookup)}.
     *
     * @param object the object
     * @param executor what calls run on where nobody waits in their chain
     * @param lookup may call the methods of the interfaces of the object
     * @param <T> the object
     * @return the handle
     */
    public static <T> Proxy<T> export(T object, Executor executor, MethodHandles.Lookup lookup) {
        return engine().export(object, executor, lookup);
    }

    /**
     * The objects that this process keeps for others, the oldest first: what was exported, or wrapped here.
     *
     * @return the objects, and who holds them
     */
    public static List<Export> exports() {
        return engine().exports();
    }

    /**
     * Opens a region of code in which every proxy that the calling thread makes or receives is closed at the end.
     *
     * <pre>{@code
     * try (ProxyScope scope = scope()) {
     *     Proxy<Node> first = process.wrap(Node::new);
     *     Proxy<Node> second = process.wrap(() -> new Node(first.get()));
     * }
     * }</pre>
     *
     * @return the region
     */
    public static ProxyScope scope() {
        return engine().scope();
    }

    /**
     * Makes memory that other processes of this host can see too: captured in a lambda it travels by reference.
     *
     * @param size length in bytes; the content is zeros
     * @return the memory; close it, or drop it
     * @throws IllegalArgumentException if {@code size} is not positive
     * @throws SharedMemoryException if the RAM file system has no room for it, or cannot be used
     */
    public static SharedMemory sharedMemory(long size) {
        return engine().sharedMemory(size);
    }

    /**
     * Makes shared memory with a content.
     *
     * @param content what to copy into it, from position to limit; the buffer is not changed
     * @return the memory; close it, or drop it
     * @throws IllegalArgumentException if there is no content
     * @throws SharedMemoryException if the RAM file system has no room for it, or cannot be used
     */
    public static SharedMemory sharedMemory(ByteBuffer content) {
        return engine().sharedMemory(content);
    }

    /**
     * Makes shared memory under a name, or opens what a process of this user made under it; waits while another one is
     * making it.
     *
     * @param name 1 to 64 letters, digits, dots, hyphens and underscores of ASCII
     * @param size length in bytes; of a new one the content is zeros
     * @return the memory; close it, or drop it
     * @throws IllegalArgumentException if {@code size} is not positive, or the name has other characters
     * @throws SharedMemoryException if there is one of another size, the RAM file system has no room for it, or cannot
     *     be used
     */
    public static SharedMemory sharedMemory(String name, long size) {
        return engine().sharedMemory(name, size);
    }

    /**
     * Tells what a function takes along when it travels to another process, with types and bytes, and for each thing
     * that cannot travel the way to it and the cure. Nothing is sent, and the function does not run.
     *
     * <pre>{@code
     * System.out.println(explain(() -> sum(numbers)));
     * }</pre>
     *
     * <p>What a function may not take to one process, but to another, such as a proxy, is no obstacle here.
     *
     * @param call the function
     * @return what it captures, and what cannot travel; an exception of {@code schedule} has the same text
     * @throws IllegalArgumentException if there is none
     * @throws ProviderException if no codec is here that can explain
     */
    public static Explanation explain(Call<?, ?> call) {
        return engine().explain(call);
    }

    /**
     * Tells what a function that returns nothing takes along, as {@link #explain(Call)}.
     *
     * @param action the function
     * @return what it captures, and what cannot travel
     * @throws IllegalArgumentException if there is none
     * @throws ProviderException if no codec is here that can explain
     */
    public static Explanation explain(Action<?> action) {
        return engine().explain(action);
    }

    /**
     * Tells what a function of any other type takes along, as {@link #explain(Call)}; of {@link Work} and
     * {@link Effect}, for example. A lambda needs a variable or a cast that gives it its type.
     *
     * @param function the function
     * @return what it captures, and what cannot travel
     * @throws IllegalArgumentException if it is null, or no function: an object without a functional interface
     * @throws ProviderException if no codec is here that can explain
     */
    public static Explanation explain(Serializable function) {
        return engine().explain(function);
    }
}
