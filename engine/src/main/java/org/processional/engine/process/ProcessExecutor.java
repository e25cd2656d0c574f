// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.processional.Call;
import org.processional.ProcessionalException;
import org.processional.SlaveProcess;
import org.processional.Task;
import org.processional.engine.Log;
import org.processional.engine.task.Race;

/**
 * A slave process as an executor. What is submitted must be serializable. Its {@code shutdown} ends the view alone.
 *
 * <p><b>Threads:</b> everything from any thread.
 */
final class ProcessExecutor extends AbstractExecutorService {
    private final SlaveProcess process;
    private final Set<Submitted<?>> pending = ConcurrentHashMap.newKeySet();
    private final CountDownLatch terminated = new CountDownLatch(1);
    private final AtomicLong count = new AtomicLong();
    private volatile boolean shutdown; // by shutdown()

    ProcessExecutor(SlaveProcess process) {
        this.process = process;
    }

    /** What {@code submit} returns: the function travels, this does not. */
    private static final class Submitted<T extends @Nullable Object> extends CompletableFuture<T>
            implements RunnableFuture<T> {
        private final Call<T, Exception> call;
        private volatile @Nullable Task<T> task; // written by who submits
        private long order; // written before it is submitted
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
        submitted.order = count.getAndIncrement();
        pending.add(submitted);
        if (shutdown) {
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
        CompletableFuture<T> unused = task.toCompletableFuture().whenComplete((result, error) -> {
            submitted.follow(result, error);
            remove(submitted);
        });
        if (submitted.isCancelled()) {
            task.cancel(true);
        }
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
        return Race.start(this, calls, future -> (CompletableFuture<T>) future); // what submit gives
    }

    private void remove(Submitted<?> submitted) {
        pending.remove(submitted);
        if (shutdown && pending.isEmpty()) {
            terminated.countDown();
        }
    }

    @Override
    public void shutdown() {
        shutdown = true;
        if (pending.isEmpty()) {
            terminated.countDown();
        }
    }

    /**
     * Cancels what was submitted, the last first: if that which runs ended before, the next would begin. None of it can be
     * given back, since it has left this process.
     */
    @Override
    public List<Runnable> shutdownNow() {
        shutdown();
        List<Submitted<?>> last = new ArrayList<>(pending);
        last.sort(Comparator.comparingLong((Submitted<?> submitted) -> submitted.order)
                .reversed());
        for (Submitted<?> submitted : last) {
            submitted.cancel(true);
        }
        return List.of();
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
