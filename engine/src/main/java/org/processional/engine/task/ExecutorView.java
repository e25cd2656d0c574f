// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.task;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A slave as an executor: what does not depend on where its functions run. Its {@code shutdown} ends the view alone.
 *
 * <p><b>Threads:</b> everything from any thread.
 *
 * @param <E> what is executed and has not ended
 */
public abstract class ExecutorView<E> extends AbstractExecutorService {
    private final Map<E, Long> pending = new ConcurrentHashMap<>(); // with their order
    private final AtomicLong count = new AtomicLong();
    private final CountDownLatch terminated = new CountDownLatch(1);
    private volatile boolean shutdown;

    /** A view that is open. */
    protected ExecutorView() {}

    /** Makes of what {@code submit} gives a future that tells its end. */
    protected abstract <T> CompletableFuture<T> asFuture(Future<T> submitted);

    /**
     * Somebody is about to wait for what is executed.
     *
     * @throws org.processional.ProcessionalException if that would never run, for the calling thread is to run it
     */
    protected void refuseDeadlock() {}

    /** Something is about to be executed: whether the view is open is to be looked at afterwards. */
    protected final void add(E entry) {
        pending.put(entry, count.getAndIncrement());
    }

    /** It has ended, or will not begin. */
    protected final void remove(E entry) {
        pending.remove(entry);
        terminateIfEmpty();
    }

    /** What has not ended, the last first: if that which runs ended before the others are looked at, the next would begin. */
    protected final List<E> pending() {
        List<Map.Entry<E, Long>> inOrder = new ArrayList<>(pending.entrySet());
        inOrder.sort(Map.Entry.comparingByValue(Collections.reverseOrder()));
        List<E> entries = new ArrayList<>();
        inOrder.forEach(entry -> entries.add(entry.getKey()));
        return entries;
    }

    private void terminateIfEmpty() {
        if (shutdown && pending.isEmpty()) {
            terminated.countDown();
        }
    }

    @Override
    public final void shutdown() {
        shutdown = true;
        terminateIfEmpty();
    }

    @Override
    public final boolean isShutdown() {
        return shutdown;
    }

    @Override
    public final boolean isTerminated() {
        return terminated.getCount() == 0;
    }

    @Override
    public final boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return terminated.await(timeout, unit);
    }

    @Override
    public final <T> T invokeAny(Collection<? extends Callable<T>> calls)
            throws InterruptedException, ExecutionException {
        refuseDeadlock();
        return Race.start(this, calls, this::<T>asFuture).winner();
    }

    @Override
    public final <T> T invokeAny(Collection<? extends Callable<T>> calls, long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        Objects.requireNonNull(unit, "unit");
        refuseDeadlock();
        return Race.start(this, calls, this::<T>asFuture).winner(timeout, unit);
    }
}
