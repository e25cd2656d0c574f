// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.processional.Action;
import org.processional.Call;
import org.processional.Export;
import org.processional.ProcessStatus;
import org.processional.Proxy;
import org.processional.ShippedClass;
import org.processional.SlaveDiedException;
import org.processional.SlaveProcess;
import org.processional.Task;
import org.processional.TaskOptions;

/**
 * A slave that is restarted, as its user sees it: each call goes to the process of now.
 *
 * <p><b>Threads:</b> everything from any thread.
 */
final class SupervisedProcess implements SlaveProcess {
    private final Supervision supervision;

    SupervisedProcess(Supervision supervision) {
        this.supervision = supervision.begin();
    }

    /** The process of now; waits while it is restarted. */
    ConnectedProcess process() {
        return supervision.await();
    }

    /** Sends a function; to the next process where this one had died, and so was sent nothing. */
    private <T extends @Nullable Object> Task<T> send(Function<ConnectedProcess, Task<T>> sender) {
        ConnectedProcess now = process();
        try {
            return sender.apply(now);
        } catch (SlaveDiedException e) {
            if (now.isConnected()) { // of another slave, by code of the user
                throw e;
            }
            return sender.apply(process());
        }
    }

    @Override
    public <T extends @Nullable Object, X extends Exception> T invoke(Call<T, X> call) throws X {
        return process().invoke(call);
    }

    @Override
    public <X extends Exception> void invoke(Action<X> action) throws X {
        process().<X>invoke(action);
    }

    @Override
    public <T extends @Nullable Object, X extends Exception> T invoke(Call<T, X> call, TaskOptions options) throws X {
        return process().invoke(call, options);
    }

    @Override
    public <X extends Exception> void invoke(Action<X> action, TaskOptions options) throws X {
        process().<X>invoke(action, options);
    }

    @Override
    public <T extends @Nullable Object> Task<T> schedule(Call<T, ?> call, TaskOptions options) {
        return send(process -> process.schedule(call, options));
    }

    @Override
    public Task<@Nullable Void> schedule(Action<?> action, TaskOptions options) {
        return send(process -> process.schedule(action, options));
    }

    @Override
    public <T extends @Nullable Object> Task<T> thread(Call<T, ?> call, TaskOptions options) {
        return send(process -> process.thread(call, options));
    }

    @Override
    public Task<@Nullable Void> thread(Action<?> action, TaskOptions options) {
        return send(process -> process.thread(action, options));
    }

    @Override
    public <T extends @Nullable Object> Task<T> schedule(Call<T, ?> call) {
        return send(process -> process.schedule(call));
    }

    @Override
    public Task<@Nullable Void> schedule(Action<?> action) {
        return send(process -> process.schedule(action));
    }

    @Override
    public <T extends @Nullable Object> Optional<Task<T>> trySchedule(Call<T, ?> call) {
        ConnectedProcess now = supervision.tryFind();
        return now == null ? Optional.empty() : now.trySchedule(call);
    }

    @Override
    public Optional<Task<@Nullable Void>> trySchedule(Action<?> action) {
        ConnectedProcess now = supervision.tryFind();
        return now == null ? Optional.empty() : now.trySchedule(action);
    }

    @Override
    public <T extends @Nullable Object> Task<T> thread(Call<T, ?> call) {
        return send(process -> process.thread(call));
    }

    @Override
    public Task<@Nullable Void> thread(Action<?> action) {
        return send(process -> process.thread(action));
    }

    @Override
    public <T extends @Nullable Object> Proxy<T> wrap(Call<? extends T, ?> call) {
        return process().wrap(call);
    }

    @Override
    public <T extends @Nullable Object> Proxy<T> wrap(String name, Call<? extends T, ?> call) {
        return process().wrap(name, call);
    }

    @Override
    public <T extends @Nullable Object> Proxy<T> named(String name) {
        return process().named(name);
    }

    @Override
    public Set<String> names() {
        return process().names();
    }

    @Override
    public boolean remove(String name) {
        return process().remove(name);
    }

    @Override
    public void connect(SlaveProcess other) {
        process().connect(other);
    }

    @Override
    public List<Export> exports() {
        return process().exports();
    }

    @Override
    public ProcessStatus status() {
        return process().status();
    }

    @Override
    public List<ShippedClass> code() {
        return process().code();
    }

    @Override
    public int evictCode() {
        return process().evictCode();
    }

    @Override
    public ExecutorService executor() {
        return new ProcessExecutor(this);
    }

    @Override
    public boolean isOpen() {
        return supervision.isOpen();
    }

    @Override
    public void detach() {
        releaseFor(ConnectedProcess::detach);
    }

    /** Does what lets the process end for good; what fails changes nothing. */
    private void releaseFor(Consumer<ConnectedProcess> last) {
        ConnectedProcess now = process();
        supervision.release();
        boolean done = false;
        try {
            last.accept(now);
            done = true;
        } finally {
            supervision.told(done);
        }
    }

    @Override
    public void persist() {
        process().persist();
    }

    @Override
    public void stop() {
        releaseFor(ConnectedProcess::stop);
    }

    @Override
    public void terminate() {
        supervision.close().terminate();
    }

    @Override
    public void close() {
        supervision.close().close();
    }

    @Override
    public long pid() {
        return supervision.latest().pid();
    }

    @Override
    public String id() {
        return supervision.latest().id();
    }

    @Override
    public String address() {
        return supervision.latest().address();
    }

    @Override
    public Optional<Integer> exitCode() {
        return supervision.latest().exitCode();
    }

    @Override
    public String toString() {
        return supervision.latest().toString();
    }
}
