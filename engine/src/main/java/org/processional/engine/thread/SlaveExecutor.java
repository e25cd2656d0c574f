// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.thread;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableFuture;
import org.jspecify.annotations.Nullable;
import org.processional.Call;
import org.processional.ProcessionalException;
import org.processional.engine.Log;
import org.processional.engine.task.ExecutorView;
import org.processional.engine.task.Failure;

/**
 * A slave thread as an executor.
 *
 * <p>What is executed is in the queue as an {@link Entry}, apart from the future that {@code submit} returns: so
 * {@code shutdownNow} can give back what has not begun as it was, and the caller may run it.
 *
 * <p><b>Threads:</b> everything from any thread.
 */
final class SlaveExecutor extends ExecutorView<SlaveExecutor.Entry> {
    private final QueuedSlaveThread slave; // by whose handle the slave lives for as long as the view is in use

    SlaveExecutor(QueuedSlaveThread slave) {
        this.slave = slave;
    }

    @SuppressWarnings("NullAway") // null is the only value of Void
    private static Call<@Nullable Void, RuntimeException> asCall(Runnable command) {
        return () -> {
            command.run();
            return null;
        };
    }

    /** The place of a command in the queue. */
    static final class Entry extends LocalTask<@Nullable Void> {
        private final SlaveExecutor view;
        private final Runnable command;

        Entry(SlaveExecutor view, Runnable command) {
            super(asCall(command));
            this.view = view;
            this.command = command;
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
                    Log.engine()
                            .error("a command on the executor of slave " + view.slave.queue.name() + " failed", error);
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
        return new Submitted<>((Call<T, Exception>) callable::call, slave.queue);
    }

    @Override
    protected <T> RunnableFuture<T> newTaskFor(Runnable runnable, T value) {
        return new Submitted<>(
                (Call<T, RuntimeException>) () -> {
                    runnable.run();
                    return value;
                },
                slave.queue);
    }

    @Override
    protected <T> CompletableFuture<T> asFuture(Future<T> submitted) {
        return ((Submitted<T>) submitted).toCompletableFuture();
    }

    @Override
    protected void refuseDeadlock() {
        slave.queue.refuseOwnThread();
    }

    @Override
    public void execute(Runnable command) {
        Entry entry = new Entry(this, Objects.requireNonNull(command, "command"));
        add(entry);
        try {
            if (isShutdown()) {
                throw new RejectedExecutionException("this executor of slave " + slave.queue.name() + " is shut down;"
                        + " make another view with executor()");
            }
            slave.beforeTask();
            slave.queue.put(entry);
        } catch (ProcessionalException e) { // closed, full, or interrupted while waiting for room
            if (takeBack(entry)) {
                throw new RejectedExecutionException(e.getMessage(), e);
            }
        } catch (RuntimeException | Error e) {
            if (takeBack(entry)) {
                throw e;
            }
        }
    }

    /** Takes back what is not to begin; false if {@code shutdownNow} was first, whose caller has the command now. */
    private static boolean takeBack(Entry entry) {
        return entry.drop(Failure.cancelled());
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutdown();
        List<Runnable> notBegun = new ArrayList<>();
        for (Entry entry : pending()) {
            if (entry.drop(Failure.cancelled())) {
                notBegun.add(entry.command);
            } else {
                entry.interrupt();
            }
        }
        Collections.reverse(notBegun);
        return notBegun;
    }
}
