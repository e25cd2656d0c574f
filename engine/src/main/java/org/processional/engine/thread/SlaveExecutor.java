// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.thread;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.processional.Call;
import org.processional.ProcessionalException;
import org.processional.engine.Log;
import org.processional.engine.task.Failure;
import org.processional.engine.task.Race;

/**
 * A slave thread as an executor. Its {@code shutdown} ends the view alone.
 *
 * <p>What is executed is in the queue as an {@link Entry}, apart from the future that {@code submit} returns: so
 * {@code shutdownNow} can give back what has not begun as it was, and the caller may run it.
 *
 * <p><b>Threads:</b> everything from any thread.
 */
final class SlaveExecutor extends AbstractExecutorService {
    @SuppressWarnings("unused") // keeps the handle, and so the slave, for as long as the view is in use
    private final QueuedSlaveThread slave;

    private final TaskQueue queue;
    private final Set<Entry> pending = ConcurrentHashMap.newKeySet();
    private final AtomicLong count = new AtomicLong();
    private final CountDownLatch terminated = new CountDownLatch(1);
    private volatile boolean shutdown; // by shutdown()

    SlaveExecutor(QueuedSlaveThread slave, TaskQueue queue) {
        this.slave = slave;
        this.queue = queue;
    }

    @SuppressWarnings("NullAway") // null is the only value of Void
    private static Call<@Nullable Void, RuntimeException> asCall(Runnable command) {
        return () -> {
            command.run();
            return null;
        };
    }

    /** The place of a command in the queue. */
    private static final class Entry extends LocalTask<@Nullable Void> {
        private final SlaveExecutor view;
        private final Runnable command;
        private final long order;

        Entry(SlaveExecutor view, Runnable command) {
            super(asCall(command));
            this.view = view;
            this.command = command;
            order = view.count.getAndIncrement();
        }

        @Override
        protected void ended(@Nullable Object result, @Nullable Failure failure) {
            view.remove(this);
            if (failure != null && failure.kind() == Failure.Kind.THROWN) { // not taken out by shutdownNow
                Throwable error = failure.see();
                if (command instanceof LocalTask<?> future) {
                    future.abort(Failure.thrown(error)); // the slave was closed before it began
                } else if (command instanceof RunnableFuture<?> future) {
                    future.cancel(false); // the same: somebody may wait for it
                } else {
                    Log.engine().error("a command on the executor of slave " + view.queue.name() + " failed", error);
                }
            }
        }
    }

    /** What {@code submit} returns: a task, so that to cancel it interrupts it and nothing after it. */
    private static final class Submitted<T extends @Nullable Object> extends LocalTask<T> implements RunnableFuture<T> {
        Submitted(Call<T, ?> call, TaskQueue queue) {
            super(call, queue);
        }
    }

    @Override
    protected <T> RunnableFuture<T> newTaskFor(Callable<T> callable) {
        return new Submitted<>((Call<T, Exception>) callable::call, queue);
    }

    @Override
    protected <T> RunnableFuture<T> newTaskFor(Runnable runnable, T value) {
        return new Submitted<>(
                (Call<T, RuntimeException>) () -> {
                    runnable.run();
                    return value;
                },
                queue);
    }

    @Override
    public <T> T invokeAny(Collection<? extends Callable<T>> calls) throws InterruptedException, ExecutionException {
        return race(calls).winner();
    }

    @Override
    public <T> T invokeAny(Collection<? extends Callable<T>> calls, long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        Objects.requireNonNull(unit, "unit");
        return race(calls).winner(timeout, unit);
    }

    private <T> Race<T> race(Collection<? extends Callable<T>> calls) {
        return Race.start(this, calls, future -> ((Submitted<T>) future).toCompletableFuture());
    }

    @Override
    public void execute(Runnable command) {
        Entry entry = new Entry(this, Objects.requireNonNull(command, "command"));
        pending.add(entry);
        try {
            if (shutdown) {
                throw new RejectedExecutionException("this executor of slave " + queue.name() + " is shut down;"
                        + " make another view with executor()");
            }
            queue.put(entry);
        } catch (ProcessionalException e) { // closed, full, or interrupted while waiting for room
            remove(entry);
            throw new RejectedExecutionException(e.getMessage(), e);
        } catch (RuntimeException | Error e) {
            remove(entry);
            throw e;
        }
    }

    private void remove(Entry entry) {
        pending.remove(entry);
        terminateIfEmpty();
    }

    private void terminateIfEmpty() {
        if (shutdown && pending.isEmpty()) {
            terminated.countDown();
        }
    }

    @Override
    public void shutdown() {
        shutdown = true;
        terminateIfEmpty();
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutdown = true;
        List<Entry> notBegun = new ArrayList<>();
        for (Entry entry : pending) {
            if (entry.drop(Failure.cancelled())) {
                notBegun.add(entry);
            } else {
                entry.interrupt();
            }
        }
        terminateIfEmpty();
        notBegun.sort(Comparator.comparingLong(entry -> entry.order));
        return notBegun.stream().map(entry -> entry.command).collect(Collectors.toCollection(ArrayList::new));
    }

    @Override
    public boolean isShutdown() {
        return shutdown;
    }

    @Override
    public boolean isTerminated() {
        return terminated.getCount() == 0;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return terminated.await(timeout, unit);
    }
}
