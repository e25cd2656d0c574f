// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.task;

import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.processional.engine.Log;

/**
 * One subscriber's view of the results of several tasks, as they end.
 *
 * <p>{@code work} counts reasons to look: who raises it from zero has the pool run {@link #drain}, which goes on until it
 * has seen them all. So the subscriber is called by one thread at a time, and nobody waits for another.
 *
 * <p><b>Threads:</b> {@code request} and {@code cancel} from any thread; tasks end in any thread.
 *
 * @param <T> the results
 */
final class ResultStream<T> implements Flow.Subscription {
    private final List<CoreTask<T>> tasks;
    private final Queue<CoreTask<T>> ended = new ConcurrentLinkedQueue<>();
    private final AtomicLong demand = new AtomicLong(); // requested and not yet given
    private final AtomicInteger work = new AtomicInteger();
    private volatile Flow.@Nullable Subscriber<? super T> subscriber; // null when the stream has ended or is cancelled
    private volatile boolean badRequest; // by request()
    private int left; // by who drains

    ResultStream(List<CoreTask<T>> tasks, Flow.Subscriber<? super T> subscriber) {
        this.tasks = tasks;
        this.subscriber = Objects.requireNonNull(subscriber, "subscriber");
        left = tasks.size();
    }

    void begin() {
        work.set(1); // nothing is given before onSubscribe has returned
        try {
            Objects.requireNonNull(subscriber).onSubscribe(this);
        } catch (RuntimeException | Error e) {
            Log.engine().error("a subscriber to results of tasks threw in onSubscribe", e);
            cancel();
        }
        for (CoreTask<T> task : tasks) {
            task.atEnd(() -> {
                ended.add(task);
                wake();
            });
        }
        Completions.run(this::drain);
    }

    @Override
    public void request(long count) {
        if (count <= 0) {
            badRequest = true;
        } else {
            demand.accumulateAndGet(count, (before, more) -> before + more < 0 ? Long.MAX_VALUE : before + more);
        }
        wake();
    }

    @Override
    public void cancel() {
        subscriber = null;
        ended.clear();
    }

    private void wake() {
        if (work.getAndIncrement() == 0) {
            Completions.run(this::drain);
        }
    }

    private void drain() {
        int seen;
        do {
            seen = work.get();
            try {
                give();
            } catch (RuntimeException | Error e) {
                Log.engine().error("a subscriber to results of tasks threw", e);
                cancel();
            }
        } while (work.addAndGet(-seen) != 0);
    }

    private void give() {
        for (Flow.Subscriber<? super T> to = subscriber; to != null; to = subscriber) {
            if (badRequest) {
                end(to, new IllegalArgumentException("request(n) with n of zero or less"));
            } else if (left == 0) {
                end(to, null);
            } else {
                CoreTask<T> task = ended.peek();
                if (task == null || !isDue(task)) {
                    return;
                }
                ended.poll(); // the same, or nothing if it was cancelled meanwhile
                left--;
                give(to, task);
            }
        }
        ended.clear();
    }

    /** A failure needs no demand. */
    private boolean isDue(CoreTask<T> task) {
        return demand.get() > 0 || task.outcome() instanceof Failure;
    }

    private void give(Flow.Subscriber<? super T> to, CoreTask<T> task) {
        Object value = task.settled();
        if (value instanceof Failure failure) {
            end(to, CoreTask.forFuture(failure, failure.see()));
        } else if (value == Ending.NULL) {
            end(to, new NullPointerException("a task gave null, which a stream cannot carry"));
        } else {
            demand.updateAndGet(before -> before == Long.MAX_VALUE ? before : before - 1);
            to.onNext(task.cast(value));
        }
    }

    private void end(Flow.Subscriber<? super T> to, @Nullable Throwable error) {
        subscriber = null;
        if (error == null) {
            to.onComplete();
        } else {
            to.onError(error);
        }
    }
}
