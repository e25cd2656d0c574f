// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.thread;

import org.jspecify.annotations.Nullable;
import org.processional.ProcessionalException;
import org.processional.WaitInterruptedException;
import org.processional.engine.task.Failure;
import org.processional.engine.task.ThreadFailure;

/**
 * The task behind {@code invoke}: its handle is never seen by anybody but the thread that waits for it.
 *
 * <p><b>Threads:</b> {@code join} by the thread that made it.
 */
final class InvokedTask<T extends @Nullable Object> extends LocalTask<T> {
    private final String name;

    InvokedTask(Object function, TaskQueue queue) {
        super(function, queue);
        this.name = queue.name();
    }

    @Override
    Failure thrown(Throwable error, @Nullable TaskQueue home) {
        return ThreadFailure.invoked(error, name);
    }

    @Override
    protected void ended(@Nullable Object result, @Nullable Failure failure) {
        if (failure != null) {
            failure.markSeen(); // by the one who waits
        }
    }

    /** Waits for the result; cancels the function if the waiting thread is interrupted. */
    <X extends Exception> T join() throws X {
        try {
            if (!isDone()) {
                awaitEnd(false, 0);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            if (cancel(true)) {
                throw new WaitInterruptedException(
                        "interrupted while waiting for a function on slave " + name + "; the function is cancelled", e);
            } // else it has ended in this moment, and its end is not lost
        } catch (ProcessionalException e) { // a wait that would never end: nobody is there for the result any more
            if (cancel(false)) {
                throw e;
            }
        }
        return this.<X>resultOrThrowExactly();
    }
}
