// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

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
import org.processional.SlaveProcess;
import org.processional.Task;
import org.processional.engine.Log;
import org.processional.engine.peer.RemoteTask;
import org.processional.engine.task.ExecutorView;

/**
 * A slave process as an executor. What is submitted must be serializable.
 *
 * <p><b>Threads:</b> everything from any thread.
 */
final class ProcessExecutor extends ExecutorView<ProcessExecutor.Submitted<?>> {
    private final SlaveProcess process;

    ProcessExecutor(SlaveProcess process) {
        this.process = process;
    }

    /** What {@code submit} returns: the function travels, this does not. */
    static final class Submitted<T extends @Nullable Object> extends CompletableFuture<T> implements RunnableFuture<T> {
        private final Call<T, Exception> call;
        private volatile @Nullable Task<T> task; // written by who submits
        private boolean reports; // written before it is submitted: nobody holds it who could see the failure

        void follow(@Nullable T result, @Nullable Throwable error) {
            if (error == null) {
                complete(result);
            } else {
                completeExceptionally(error);
                if (reports && !isCancelled()) {
                    Log.engine().error("a command on the executor of a process failed", error);
                }
            }
        }

        Submitted(Call<T, Exception> call) {
            this.call = call;
        }

        @Override
        public void run() {
            throw new IllegalStateException("this future is run by its executor, in another process");
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            Task<T> running = task;
            if (running != null) {
                running.cancel(mayInterruptIfRunning);
            }
            return super.cancel(mayInterruptIfRunning);
        }
    }

    @Override
    protected <T> RunnableFuture<T> newTaskFor(Callable<T> callable) {
        return new Submitted<>(callable::call);
    }

    @Override
    @SuppressWarnings("NullAway") // null is the value that submit(Runnable) gives
    protected <T> RunnableFuture<T> newTaskFor(Runnable runnable, T value) {
        return new Submitted<>(() -> {
            runnable.run();
            return value;
        });
    }

    @Override
    public void execute(Runnable command) {
        if (command instanceof Submitted<?> submitted) {
            send(submitted);
        } else {
            Runnable function = Objects.requireNonNull(command, "command");
            Submitted<Boolean> sent = new Submitted<>(() -> {
                function.run();
                return true;
            });
            sent.reports = true;
            send(sent);
        }
    }

    private <T extends @Nullable Object> void send(Submitted<T> submitted) {
        add(submitted);
        if (isShutdown()) {
            remove(submitted);
            throw new RejectedExecutionException("the executor of " + process + " is shut down");
        }
        Task<T> task;
        try {
            task = process.schedule(submitted.call);
        } catch (ProcessionalException e) {
            remove(submitted);
            throw new RejectedExecutionException(e.getMessage(), e);
        } catch (RuntimeException | Error e) { // of the command's own code, when it was made into bytes
            remove(submitted);
            throw e;
        }
        submitted.task = task;
        RemoteTask<T> sent = (RemoteTask<T>) task;
        CompletableFuture<T> unused = task.toCompletableFuture().whenComplete((result, error) -> {
            submitted.follow(result, error);
            removeIfOver(submitted, sent);
        });
        sent.whenAnswered(() -> removeIfOver(submitted, sent));
        if (submitted.isCancelled()) {
            task.cancel(true);
        }
    }

    /** One that was cancelled is done at once, and may run until its answer comes. */
    private void removeIfOver(Submitted<?> submitted, RemoteTask<?> sent) {
        if (submitted.isDone() && sent.isAnswered()) {
            remove(submitted);
        }
    }

    @Override
    protected <T> CompletableFuture<T> asFuture(Future<T> submitted) {
        return (CompletableFuture<T>) submitted;
    }

    /** Cancels what was submitted. None of it can be given back, since it has left this process. */
    @Override
    public List<Runnable> shutdownNow() {
        shutdown();
        for (Submitted<?> submitted : pending()) {
            submitted.cancel(true);
        }
        return List.of();
    }
}
