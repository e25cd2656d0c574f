// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.tcp;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A thread of a test, and what its work came to. */
final class Background<T> {
    private final FutureTask<T> task;
    private final Thread thread;

    private Background(Callable<T> work) {
        task = new FutureTask<>(work);
        thread = new Thread(task, "test-background");
        thread.setDaemon(true);
        thread.start();
    }

    static <T> Background<T> start(Callable<T> work) {
        return new Background<>(work);
    }

    Thread thread() {
        return thread;
    }

    /** Waits until the thread waits in a selector. */
    Background<T> awaitSelecting() {
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .atMost(20, TimeUnit.SECONDS)
                .until(() -> isSelecting() || task.isDone());
        return this;
    }

    private boolean isSelecting() {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(f -> f.getMethodName().equals("selectOnce"));
    }

    boolean isDone() {
        return task.isDone();
    }

    T result() throws InterruptedException, TimeoutException, ExecutionException {
        return task.get(60, TimeUnit.SECONDS);
    }

    /** What the work threw. */
    Throwable failure() throws InterruptedException, TimeoutException {
        try {
            return new AssertionError("no failure, but " + result());
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }
}
