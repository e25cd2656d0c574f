// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.task;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.processional.Cancel;
import org.processional.Task;

/**
 * A task that is not the engine's: somebody's decorator.
 *
 * @param future what its future is
 */
record Foreign<T>(Task<T> task, CompletableFuture<T> future) implements Task<T> {
    Foreign(Task<T> task) {
        this(task, task.toCompletableFuture());
    }

    @Override
    public T await() {
        return task.await();
    }

    @Override
    public T await(Duration wait) {
        return task.await(wait);
    }

    @Override
    public boolean check() {
        return task.check();
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return task.cancel(mayInterruptIfRunning);
    }

    @Override
    public boolean cancel(Cancel how) {
        return task.cancel(how);
    }

    @Override
    public Optional<Cancel.Rung> endedBy() {
        return task.endedBy();
    }

    @Override
    public void interrupt() {
        task.interrupt();
    }

    @Override
    public CompletableFuture<T> toCompletableFuture() {
        return future;
    }

    @Override
    public boolean isCancelled() {
        return task.isCancelled();
    }

    @Override
    public boolean isDone() {
        return task.isDone();
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        return task.get();
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        return task.get(timeout, unit);
    }
}
