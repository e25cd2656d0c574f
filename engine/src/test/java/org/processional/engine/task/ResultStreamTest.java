// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.Task;
import org.processional.ThreadOptions;
import org.processional.engine.testing.LogCapture;
import org.processional.engine.testing.Rounds;
import org.processional.engine.thread.Threads;

/** {@code Task.results}. */
@Timeout(60)
class ResultStreamTest {
    /** Remembers what it is told. */
    private static class Remembering implements Flow.Subscriber<Object> {
        final List<Object> told = new CopyOnWriteArrayList<>();
        final long first;
        volatile Flow.Subscription subscription;
        volatile boolean inside;
        volatile boolean overlapped;

        Remembering(long first) {
            this.first = first;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            if (first != 0) {
                given.request(first);
            }
        }

        @Override
        public void onNext(Object item) {
            overlapped |= inside;
            inside = true;
            told.add(item);
            inside = false;
        }

        @Override
        public void onError(Throwable error) {
            told.add(error);
        }

        @Override
        public void onComplete() {
            told.add("complete");
        }
    }

    private static Task<Object> task(Object result, CountDownLatch after) {
        return new Threads().thread(ThreadOptions.defaults(), () -> {
            after.await();
            if (result instanceof Exception error) {
                throw error;
            }
            return result;
        });
    }

    private static final CountDownLatch NOW = new CountDownLatch(0);

    @Test
    void resultsComeAsTheTasksEndNoMoreThanWasAskedFor() {
        CountDownLatch later = new CountDownLatch(1);
        Remembering subscriber = new Remembering(0);
        Task<Object> slow = task("slow", later);
        Task<Object> quick = task("quick", NOW);
        Task.results(List.of(slow, quick)).subscribe(subscriber);
        await().until(quick::isDone);
        assertThat(subscriber.told).isEmpty();
        subscriber.subscription.request(1);
        await().until(() -> subscriber.told.equals(List.of("quick")));
        later.countDown();
        await().until(slow::isDone);
        assertThat(subscriber.told).containsExactly("quick");
        subscriber.subscription.request(5);
        await().until(() -> subscriber.told.equals(List.of("quick", "slow", "complete")));
    }

    @Test
    void everySubscriberGetsAllAlsoAfterTheEnd() {
        Flow.Publisher<Object> results = Task.results(List.of(task(1, NOW), task(2, NOW)));
        for (int i = 0; i < 2; i++) {
            Remembering subscriber = new Remembering(Long.MAX_VALUE);
            results.subscribe(subscriber);
            await().until(() -> subscriber.told.size() == 3);
            assertThat(subscriber.told).contains(1, 2).last().isEqualTo("complete");
        }
    }

    @Test
    void noTasksAreAnEmptyStream() {
        Remembering subscriber = new Remembering(0);
        Task.results(List.of()).subscribe(subscriber);
        await().until(() -> subscriber.told.equals(List.of("complete")));
    }

    @Test
    void aFailureEndsTheStreamWithoutDemandAndTheTasksGoOn() {
        CountDownLatch later = new CountDownLatch(1);
        Task<Object> slow = task("slow", later);
        IOException own = new IOException("own");
        Remembering subscriber = new Remembering(0);
        Task.results(List.of(slow, task(own, NOW))).subscribe(subscriber);
        await().until(() -> subscriber.told.equals(List.of(own)));
        later.countDown();
        assertThat(slow.await()).isEqualTo("slow");
        assertThat(subscriber.told).containsExactly(own);
    }

    @Test
    void whatAStreamCannotCarryIsAnError() {
        Remembering nulls = new Remembering(1);
        Task.results(List.of(task(null, NOW))).subscribe(nulls);
        await().until(() -> nulls.told.size() == 1);
        assertThat(nulls.told.get(0)).isInstanceOf(NullPointerException.class);

        Task<Object> endless = task(1, new CountDownLatch(1));
        Remembering cancelled = new Remembering(1);
        Task.results(List.of(endless)).subscribe(cancelled);
        endless.cancel();
        await().until(() -> cancelled.told.size() == 1);
        assertThat(cancelled.told.get(0)).isInstanceOf(CancellationException.class);

        Remembering greedy = new Remembering(-1);
        Task.results(List.of(task(1, new CountDownLatch(1)))).subscribe(greedy);
        await().until(() -> greedy.told.size() == 1);
        assertThat(greedy.told.get(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aCancelledSubscriptionIsToldNothingAndTheTasksGoOn() {
        CountDownLatch later = new CountDownLatch(1);
        Task<Object> task = task(1, later);
        Remembering subscriber = new Remembering(1);
        Task.results(List.of(task)).subscribe(subscriber);
        subscriber.subscription.cancel();
        later.countDown();
        assertThat(task.await()).isEqualTo(1);
        Remembering other = new Remembering(1);
        Task.results(List.of(task)).subscribe(other);
        await().until(() -> other.told.size() == 2);
        assertThat(subscriber.told).isEmpty();
    }

    @Test
    void aSubscriberThatThrowsIsReportedAndToldNoMore() {
        try (LogCapture log = new LogCapture()) {
            Remembering subscriber = new Remembering(5) {
                @Override
                public void onNext(Object item) {
                    super.onNext(item);
                    throw new IllegalStateException("by a subscriber");
                }
            };
            Task.results(List.of(task(1, NOW), task(2, NOW))).subscribe(subscriber);
            await().until(() -> log.text().contains("by a subscriber"));
            assertThat(subscriber.told).hasSize(1);
        }
    }

    @Test
    void nobodyIsNoSubscriber() {
        assertThatThrownBy(() -> Task.results(List.of(task(1, NOW))).subscribe(null))
                .isInstanceOf(NullPointerException.class);
    }

    @Test
    void manyAreCountedAndOneAtATime() {
        int count = Rounds.of(10_000);
        Remembering subscriber = new Remembering(1) {
            @Override
            public void onNext(Object item) {
                super.onNext(item);
                Objects.requireNonNull(subscription).request(1);
            }
        };
        try (var slave = new Threads().slaveThread(org.processional.SlaveThreadOptions.defaults())) {
            List<Task<Integer>> tasks = IntStream.range(0, count)
                    .mapToObj(i -> slave.schedule(() -> i))
                    .toList();
            Task.results(tasks).subscribe(subscriber);
            await().until(() -> subscriber.told.size() == count + 1);
        }
        assertThat(subscriber.overlapped).isFalse();
        assertThat(subscriber.told.subList(0, count))
                .isEqualTo(IntStream.range(0, count).boxed().toList());
        assertThat(subscriber.told.get(count)).isEqualTo("complete");
    }
}
