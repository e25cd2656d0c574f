// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.processional.Action;
import org.processional.Call;
import org.processional.Export;
import org.processional.ProcessStatus;
import org.processional.Proxy;
import org.processional.ShippedClass;
import org.processional.SlaveClosedException;
import org.processional.SlaveProcess;
import org.processional.Task;
import org.processional.TaskOptions;
import org.processional.engine.Log;
import org.processional.engine.peer.Exporting;
import org.processional.engine.peer.ProcessCalls;
import org.processional.engine.task.Cleaners;
import org.processional.engine.task.Completions;

/**
 * A process at the other end of a connection, as its user sees it. When the user drops it, its {@link Link} is ended.
 *
 * <p><b>Threads:</b> everything from any thread.
 */
final class ConnectedProcess implements SlaveProcess {
    private final Link link;
    private final ProcessCalls calls;
    private final Duration closeLimit;
    private final AtomicBoolean closed = new AtomicBoolean();

    ConnectedProcess(Link link, Duration closeLimit, Duration roomLimit) {
        this.link = link;
        this.closeLimit = closeLimit;
        this.calls = new ProcessCalls(link.peer(), roomLimit.toNanos(), this);
        Cleaners.SHARED.register(this, new Dropped(link));
    }

    /** Ends what the user forgot to close. */
    private record Dropped(Link link) implements Runnable {
        @Override
        public void run() {
            if (link.isOpen()) {
                Log.engine().warn("{} was dropped without being closed; it is ended now", link.describe());
            }
            Completions.run(() -> link.end(Duration.ZERO)); // which waits, and the cleaner must not
        }
    }

    private ProcessCalls open() {
        if (closed.get()) {
            throw new SlaveClosedException(link.describe() + " is closed");
        }
        return calls;
    }

    @Override
    public <T extends @Nullable Object, X extends Exception> T invoke(Call<T, X> call) throws X {
        return open().invoke(call);
    }

    @Override
    public <X extends Exception> void invoke(Action<X> action) throws X {
        open().<X>run(action);
    }

    @Override
    public <T extends @Nullable Object, X extends Exception> T invoke(Call<T, X> call, TaskOptions options) throws X {
        return open().invoke(call, options);
    }

    @Override
    public <X extends Exception> void invoke(Action<X> action, TaskOptions options) throws X {
        open().<X>run(action, options);
    }

    @Override
    public <T extends @Nullable Object> Task<T> schedule(Call<T, ?> call) {
        return open().schedule(call);
    }

    @Override
    public Task<@Nullable Void> schedule(Action<?> action) {
        return open().schedule(action);
    }

    @Override
    public <T extends @Nullable Object> Task<T> schedule(Call<T, ?> call, TaskOptions options) {
        return open().schedule(call, options);
    }

    @Override
    public Task<@Nullable Void> schedule(Action<?> action, TaskOptions options) {
        return open().schedule(action, options);
    }

    @Override
    public <T extends @Nullable Object> Optional<Task<T>> trySchedule(Call<T, ?> call) {
        return open().trySchedule(call);
    }

    @Override
    public Optional<Task<@Nullable Void>> trySchedule(Action<?> action) {
        return open().trySchedule(action);
    }

    @Override
    public <T extends @Nullable Object> Task<T> thread(Call<T, ?> call) {
        return open().thread(call);
    }

    @Override
    public Task<@Nullable Void> thread(Action<?> action) {
        return open().thread(action);
    }

    @Override
    public <T extends @Nullable Object> Task<T> thread(Call<T, ?> call, TaskOptions options) {
        return open().thread(call, options);
    }

    @Override
    public Task<@Nullable Void> thread(Action<?> action, TaskOptions options) {
        return open().thread(action, options);
    }

    @Override
    public <T extends @Nullable Object> Proxy<T> wrap(Call<? extends T, ?> call) {
        return open().wrap(null, call);
    }

    @Override
    public <T extends @Nullable Object> Proxy<T> wrap(String name, Call<? extends T, ?> call) {
        if (name.isEmpty() || name.chars().anyMatch(Character::isISOControl)) { // names travel as lines
            throw new IllegalArgumentException("\"" + name
                    + "\" is no name: one has a character at least, and no control characters such as line ends");
        }
        return open().wrap(name, call);
    }

    @Override
    public <T extends @Nullable Object> Proxy<T> named(String name) {
        return open().named(name);
    }

    @Override
    public Set<String> names() {
        return open().names();
    }

    @Override
    public boolean remove(String name) {
        return open().remove(name);
    }

    @Override
    public void connect(SlaveProcess other) {
        SlaveProcess connected = other instanceof SupervisedProcess supervised ? supervised.process() : other;
        if (!(connected instanceof ConnectedProcess target)) {
            throw new IllegalArgumentException(other + " is not a process that Processional started or connected to");
        }
        Invitation invitation = target.link.invitation(target.open());
        open().<Boolean>thread((Call<Boolean, RuntimeException>) () -> {
                    invitation.accept();
                    return true;
                })
                .await();
    }

    @Override
    public List<Export> exports() {
        return open().<List<Export>>thread((Call<List<Export>, RuntimeException>) Exporting::exports)
                .await();
    }

    @Override
    public ProcessStatus status() {
        return open().status();
    }

    @Override
    public List<ShippedClass> code() {
        return open().<List<ShippedClass>>thread((Call<List<ShippedClass>, RuntimeException>) Exporting::code)
                .await();
    }

    @Override
    public int evictCode() {
        return open().<Integer>thread((Call<Integer, RuntimeException>) Exporting::evictCode)
                .await();
    }

    @Override
    public ExecutorService executor() {
        return new ProcessExecutor(this);
    }

    @Override
    public boolean isOpen() {
        return !closed.get() && link.isOpen();
    }

    /** Whether there is a connection, also one that is being closed. */
    boolean isConnected() {
        return link.isOpen();
    }

    /** Tells of the end of the process, also if that was before. */
    void supervise(Link.Supervisor supervisor) {
        link.supervise(supervisor);
    }

    /** Ends what is left of the process, for those to whom it is one that has died, not one that was closed. */
    void discard() {
        link.terminate();
    }

    @Override
    public void detach() {
        open().detach();
        link.detached();
    }

    @Override
    public void persist() {
        open().persist();
    }

    @Override
    public void stop() {
        open().stop();
    }

    @Override
    public void terminate() {
        closed.set(true);
        link.terminate();
    }

    @Override
    public void close() {
        closed.set(true);
        link.end(closeLimit);
    }

    @Override
    public long pid() {
        return link.peer().partner().pid();
    }

    @Override
    public String id() {
        return link.peer().partner().id();
    }

    @Override
    public String address() {
        return link.address();
    }

    @Override
    public Optional<Integer> exitCode() {
        return link.exitCode();
    }

    @Override
    public String toString() {
        return link.describe();
    }
}
