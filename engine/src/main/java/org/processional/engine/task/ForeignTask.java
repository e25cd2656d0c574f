// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.task;

import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.processional.Cancel;
import org.processional.Task;
import org.processional.TaskInterruptedException;

/**
 * A task of somebody else's making, as one of ours.
 *
 * <p><b>Threads:</b> everything from any thread.
 *
 * @param <T> the result
 */
final class ForeignTask<T extends @Nullable Object> extends CoreTask<T> {
    private final Task<T> task;

    ForeignTask(Task<T> task) {
        this.task = task;
        var unused = task.toCompletableFuture().whenComplete((result, error) -> {
            if (error == null) {
                succeed(result);
            } else {
                fail(failure(error instanceof CompletionException e && e.getCause() != null ? e.getCause() : error));
            }
        });
    }

    private static Failure failure(Throwable error) {
        if (error instanceof CancellationException) {
            return Failure.cancelled();
        }
        return error instanceof TaskInterruptedException ? Failure.interrupted(error) : Failure.thrown(error);
    }

    @Override
    protected boolean awaitEnd(boolean timed, long deadlineNanos) throws InterruptedException {
        return parkUntilEnd(timed, deadlineNanos);
    }

    @Override
    public boolean cancel(Cancel how) {
        boolean cancelled = task.cancel(how);
        if (task.isCancelled()) {
            fail(Failure.cancelled()); // its future may not say so, or later
        }
        return cancelled;
    }

    @Override
    protected void require(Cancel how) {} // who made it refuses, where it must

    @Override
    public Optional<Cancel.Rung> endedBy() {
        return task.endedBy();
    }

    @Override
    public void interrupt() {
        task.interrupt();
    }
}
