// SPDX-License-Identifier: Apache-2.0
package org.processional.spi;

import java.io.Serializable;
import java.lang.invoke.MethodHandles;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.processional.Call;
import org.processional.CancellationToken;
import org.processional.ClientOptions;
import org.processional.Explanation;
import org.processional.Export;
import org.processional.Proxy;
import org.processional.ProxyScope;
import org.processional.ServeOptions;
import org.processional.Server;
import org.processional.SharedMemory;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;
import org.processional.SlaveThread;
import org.processional.SlaveThreadOptions;
import org.processional.Task;
import org.processional.ThreadOptions;
import org.processional.Uninterruptible;

/**
 * What {@link org.processional.Processional} does, method by method; each is documented there.
 *
 * <p><b>Threads:</b> everything from any thread.
 *
 * @since 0.1
 */
public interface Engine {
    /** Runs a function in a new thread; {@link org.processional.Processional#thread}. */
    <T extends @Nullable Object> Task<T> thread(ThreadOptions options, Call<T, ?> call);

    /** Starts a slave thread; {@link org.processional.Processional#slaveThread}. */
    SlaveThread slaveThread(SlaveThreadOptions options);

    /** Adopts the calling thread; {@link org.processional.Processional#adoptThread}. */
    SlaveThread adoptThread(SlaveThreadOptions options);

    /** Adopts an event loop; {@link org.processional.Processional#adoptLoop}. */
    SlaveThread adoptLoop(SlaveThreadOptions options, Executor loop, BooleanSupplier onLoop);

    /** The token of the task that runs; {@link org.processional.Processional#cancellation}. */
    CancellationToken cancellation();

    /** Opens a region; {@link org.processional.Processional#uninterruptible}. */
    Uninterruptible uninterruptible();

    /** Starts a process for this master alone; {@link org.processional.Processional#slave}. */
    SlaveProcess slave(SlaveOptions options);

    /** Starts a process for many clients; {@link org.processional.Processional#server}. */
    SlaveProcess server(SlaveOptions options);

    /** Connects to a server; {@link org.processional.Processional#client}. */
    SlaveProcess client(String address, ClientOptions options);

    /** Serves clients in this process; {@link org.processional.Processional#serve}. */
    Server serve(String address, ServeOptions options);

    /** Makes an object reachable; {@link org.processional.Processional#export(Object, Executor, MethodHandles.Lookup)}. */
    <T> Proxy<T> export(T object, @Nullable Executor executor, MethodHandles.@Nullable Lookup lookup);

    /** What is kept for others; {@link org.processional.Processional#exports}. */
    List<Export> exports();

    /** Opens a region; {@link org.processional.Processional#scope}. */
    ProxyScope scope();

    /** Makes shared memory; {@link org.processional.Processional#sharedMemory(long)}. */
    SharedMemory sharedMemory(long size);

    /** Makes shared memory of a content; {@link org.processional.Processional#sharedMemory(ByteBuffer)}. */
    SharedMemory sharedMemory(ByteBuffer content);

    /** Makes or opens named shared memory; {@link org.processional.Processional#sharedMemory(String, long)}. */
    SharedMemory sharedMemory(String name, long size);

    /** Tells what a function takes along; {@link org.processional.Processional#explain(Serializable)}. */
    Explanation explain(Serializable function);

    /** Combines tasks; {@link org.processional.Task#all(Collection)}. */
    <T extends @Nullable Object> Task<List<T>> all(Collection<? extends Task<? extends T>> tasks);

    /** Combines tasks; {@link org.processional.Task#any(Collection)}. */
    <T extends @Nullable Object> Task<T> any(Collection<? extends Task<? extends T>> tasks);

    /** Publishes results; {@link org.processional.Task#results(Collection)}. */
    <T> Flow.Publisher<T> results(Collection<? extends Task<? extends T>> tasks);
}
