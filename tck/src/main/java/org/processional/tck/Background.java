// SPDX-License-Identifier: Apache-2.0
package org.processional.tck;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A thread of a rule, and what its work came to.
 *
 * <p><b>Threads:</b> started by {@link #start}; everything else from any thread.
 */
final class Background<T extends @Nullable Object> {
    private final FutureTask<T> task;
    private final Thread thread;

    private Background(Callable<T> work) {
        task = new FutureTask<>(work);
        thread = new Thread(task, "tck-background");
        thread.setDaemon(true);
        thread.start();
    }

    static <T extends @Nullable Object> Background<T> start(Callable<T> work) {
        return new Background<>(work);
    }

    /** Waits until the thread waits for something, as far as one can see, or is done. */
    Background<T> awaitWaiting() {
        int looks = 0;
        int inNative = 0; // how many looks in a row
        while (!isWaiting()
                && !task.isDone()
                && inNative <= 10
                && looks < 1000) { // who waits by spinning never seems to
            LockSupport.parkNanos(1_000_000);
            looks++;
            inNative = isInNativeMethod() ? inNative + 1 : 0;
        }
        return this;
    }

    private boolean isWaiting() {
        Thread.State state = thread.getState();
        return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
    }

    /** Waits for the system are "runnable": a thread that is in a native method at each of many looks is in one. */
    private boolean isInNativeMethod() {
        StackTraceElement[] stack = thread.getStackTrace();
        return stack.length > 0 && stack[0].isNativeMethod();
    }

    void interrupt() {
        thread.interrupt();
    }

    boolean isDone() {
        return task.isDone();
    }

    /** The result, within the time that every rule may take. */
    T result() throws Exception {
        try {
            return task.get(Eventually.limit().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            AssertionError stuck = new AssertionError("it still waits, after " + Eventually.limit());
            stuck.setStackTrace(thread.getStackTrace());
            thread.interrupt();
            throw stuck;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception own) {
                throw own;
            }
            throw e;
        }
    }

    /** What the work threw. */
    Throwable failure() {
        try {
            return new AssertionError("no failure, but " + result());
        } catch (Exception e) {
            return e;
        }
    }
}
