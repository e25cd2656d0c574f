// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.thread;

import org.jspecify.annotations.Nullable;
import org.processional.WaitInterruptedException;
import org.processional.engine.task.Failure;
import org.processional.engine.task.StackTraces;

/**
 * The task behind {@code invoke}: its handle is never seen by anybody but the thread that waits for it.
 *
 * <p><b>Threads:</b> {@code join} by the thread that made it.
 */
final class InvokedTask<T extends @Nullable Object> extends LocalTask<T> {
    private @Nullable Failure failure; // written by the runner before the end, read after it

    InvokedTask(Object function, TaskQueue queue) {
        super(function, queue);
    }

    @Override
    protected void ended(@Nullable Object result, @Nullable Failure failure) {
        if (failure != null) {
            failure.see(); // by the one who waits
            this.failure = failure;
        }
    }

    /** Waits for the result; cancels the function if the waiting thread is interrupted. */
    <X extends Exception> T join(Class<?> entry, String name) throws X {
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
        }
        Failure known = failure;
        if (known != null && known.kind() == Failure.Kind.THROWN) {
            StackTraces.append(known.error(), StackTraces.submitSite(entry), "thread " + name);
        }
        return this.<X>resultOrThrowExactly();
    }
}
