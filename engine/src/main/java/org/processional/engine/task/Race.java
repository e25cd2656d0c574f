// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.task;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * {@code invokeAny} for the executors of slaves. The JDK's own way wraps each call into an object of its own, which cannot
 * travel, and which does not end where a slave is stopped before it has begun.
 *
 * <p><b>Threads:</b> for the thread that calls {@code invokeAny}; the calls end in others.
 *
 * @param <T> the result
 */
public final class Race<T> {
    private final List<Future<T>> futures = new ArrayList<>();
    private final CompletableFuture<T> winner = new CompletableFuture<>();

    private Race() {}

    /**
     * Submits them all.
     *
     * @param asFuture makes of what the executor gives one that tells its end
     * @throws NullPointerException if there is a null among them; what was submitted is cancelled then, as where the
     *     executor refuses one
     */
    public static <T> Race<T> start(
            ExecutorService executor,
            Collection<? extends Callable<T>> calls,
            Function<Future<T>, CompletableFuture<T>> asFuture) {
        if (calls.isEmpty()) {
            throw new IllegalArgumentException("no calls: the first result of none would never come");
        }
        Race<T> race = new Race<>();
        AtomicInteger left = new AtomicInteger(calls.size());
        boolean started = false;
        try {
            for (Callable<T> call : calls) {
                Future<T> future = executor.submit(call);
                race.futures.add(future);
                race.follow(asFuture.apply(future), left);
            }
            started = true;
        } finally {
            if (!started) {
                race.cancelAll();
            }
        }
        return race;
    }

    private void follow(CompletableFuture<T> future, AtomicInteger left) {
        var unused = future.whenComplete((result, error) -> {
            if (error == null) {
                winner.complete(result);
            } else if (left.decrementAndGet() == 0) {
                winner.completeExceptionally(error);
            }
        });
    }

    /** The first result; the others are cancelled. */
    public T winner() throws InterruptedException, ExecutionException {
        try {
            return winner.get();
        } catch (CancellationException e) { // of one call
            throw new ExecutionException(e);
        } finally {
            cancelAll();
        }
    }

    /** The same, within a time. */
    public T winner(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        try {
            return winner.get(timeout, unit);
        } catch (CancellationException e) {
            throw new ExecutionException(e);
        } finally {
            cancelAll();
        }
    }

    private void cancelAll() {
        for (Future<T> future : futures) {
            future.cancel(true);
        }
    }
}
