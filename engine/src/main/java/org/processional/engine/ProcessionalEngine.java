// SPDX-License-Identifier: Apache-2.0
package org.processional.engine;

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
import org.processional.engine.memory.Segments;
import org.processional.engine.peer.Exporting;
import org.processional.engine.peer.Scopes;
import org.processional.engine.process.Explaining;
import org.processional.engine.process.Processes;
import org.processional.engine.task.Combined;
import org.processional.engine.thread.Running;
import org.processional.engine.thread.Threads;
import org.processional.spi.Engine;

/**
 * The engine of this process.
 *
 * <p><b>Threads:</b> everything from any thread.
 */
final class ProcessionalEngine implements Engine {
    private final Threads threads = new Threads();
    private final Processes processes = new Processes();

    @Override
    public <T extends @Nullable Object> Task<T> thread(ThreadOptions options, Call<T, ?> call) {
        return threads.thread(options, call);
    }

    @Override
    public SlaveThread slaveThread(SlaveThreadOptions options) {
        return threads.slaveThread(options);
    }

    @Override
    public SlaveThread adoptThread(SlaveThreadOptions options) {
        return threads.adoptThread(options);
    }

    @Override
    public SlaveThread adoptLoop(SlaveThreadOptions options, Executor loop, BooleanSupplier onLoop) {
        return threads.adoptLoop(options, loop, onLoop);
    }

    @Override
    public CancellationToken cancellation() {
        return Running.token();
    }

    @Override
    public Uninterruptible uninterruptible() {
        return threads.uninterruptible();
    }

    @Override
    public SlaveProcess slave(SlaveOptions options) {
        return processes.slave(options);
    }

    @Override
    public SlaveProcess server(SlaveOptions options) {
        return processes.server(options);
    }

    @Override
    public SlaveProcess client(String address, ClientOptions options) {
        return processes.client(address, options);
    }

    @Override
    public Server serve(String address, ServeOptions options) {
        return processes.serve(address, options);
    }

    @Override
    public <T> Proxy<T> export(T object, @Nullable Executor executor, MethodHandles.@Nullable Lookup lookup) {
        return Exporting.export(object, executor, lookup);
    }

    @Override
    public List<Export> exports() {
        return Exporting.exports();
    }

    @Override
    public ProxyScope scope() {
        return Scopes.open();
    }

    @Override
    public SharedMemory sharedMemory(long size) {
        return Segments.create(size);
    }

    @Override
    public SharedMemory sharedMemory(ByteBuffer content) {
        return Segments.create(content);
    }

    @Override
    public SharedMemory sharedMemory(String name, long size) {
        return Segments.named(name, size);
    }

    @Override
    public Explanation explain(Serializable function) {
        return Explaining.explain(function);
    }

    @Override
    public <T extends @Nullable Object> Task<List<T>> all(Collection<? extends Task<? extends T>> tasks) {
        return Combined.all(tasks);
    }

    @Override
    public <T extends @Nullable Object> Task<T> any(Collection<? extends Task<? extends T>> tasks) {
        return Combined.any(tasks);
    }

    @Override
    public <T> Flow.Publisher<T> results(Collection<? extends Task<? extends T>> tasks) {
        return Combined.results(tasks);
    }
}
