// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.Call;
import org.processional.Cancel;
import org.processional.ProcessionalException;
import org.processional.SlaveThread;
import org.processional.SlaveThreadOptions;
import org.processional.Task;
import org.processional.TaskCancelledException;
import org.processional.TaskFailedException;
import org.processional.TaskInterruptedException;
import org.processional.TaskTimeoutException;
import org.processional.ThreadOptions;
import org.processional.engine.testing.LogCapture;
import org.processional.engine.testing.Rounds;
import org.processional.engine.thread.Threads;

/** {@code Task.all} and {@code Task.any}. */
@Timeout(60)
class CombinedTest {
    private final Threads threads = new Threads();
    private final CountDownLatch never = new CountDownLatch(1);

    private <T> Task<T> run(Call<T, ?> call) {
        return threads.thread(ThreadOptions.defaults(), call);
    }

    private Task<String> endless() {
        return run(() -> {
            never.await();
            return "never";
        });
    }

    private static <T> Task<T> failing(Exception error) {
        return new Threads().thread(ThreadOptions.defaults(), () -> {
            throw error;
        });
    }

    @Test
    void allGivesTheResultsInTheOrderOfTheTasks() throws Exception {
        CountDownLatch second = new CountDownLatch(1);
        Task<Integer> first = run(() -> {
            second.await();
            return 1;
        });
        Task<Integer> last = run(() -> {
            second.countDown();
            return null;
        });
        Task<List<Number>> all = Task.all(first, last, run(() -> 3));
        assertThat(all.await()).containsExactly(1, null, 3);
        assertThat(all.get()).isSameAs(all.await());
        assertThat(all.check()).isTrue();
        assertThatThrownBy(() -> all.await().set(0, 2)).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void allOfNoneEndsAtOnceAndAnyOfNoneIsRefused() {
        assertThat(Task.all(List.<Task<String>>of()).await(Duration.ZERO)).isEmpty();
        assertThatThrownBy(() -> Task.any(List.<Task<String>>of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no tasks");
    }

    /** The ladder of the parts can be gone down step by step. */
    @Test
    void whatGoesOnThoughCancelledCanBeInterruptedThen() throws Exception {
        try (SlaveThread slave = threads.slaveThread(SlaveThreadOptions.defaults())) {
            CountDownLatch begun = new CountDownLatch(1);
            Task<String> part = slave.schedule(() -> {
                begun.countDown();
                never.await();
                return "never";
            });
            begun.await();
            Task<List<String>> all = Task.all(List.of(part));
            assertThat(all.cancel(false)).isTrue();
            assertThatThrownBy(() -> all.cancel(Cancel.kill(Duration.ZERO)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(all.cancel(true)).isFalse(); // it had ended, and goes further with what has not
            assertThat(slave.invoke(() -> 1)).isEqualTo(1);
        }
    }

    @Test
    void theFailureOfATaskOfASlaveThreadNamesWhoAwaitsThemAll() {
        try (SlaveThread slave = threads.slaveThread(SlaveThreadOptions.defaults())) {
            Task<List<String>> all = Task.all(List.of(slave.<String>schedule(() -> {
                throw new IllegalStateException("told to");
            })));
            await().until(all::isDone);
            assertThatThrownBy(all::await)
                    .isInstanceOf(IllegalStateException.class)
                    .satisfies(error -> assertThat(List.of(error.getStackTrace()))
                            .anyMatch(frame -> frame.getMethodName()
                                    .equals("theFailureOfATaskOfASlaveThreadNamesWhoAwaitsThemAll")));
        }
    }

    @Test
    void allFailsWithTheFirstFailureAndCancelsTheRest() {
        Task<String> endless = endless();
        Task<String> late = endless();
        Task<List<String>> all = Task.all(endless, failing(new IOException("first")), late);
        assertThatThrownBy(all::await)
                .isInstanceOf(TaskFailedException.class)
                .cause()
                .isInstanceOf(IOException.class)
                .hasMessage("first");
        assertThatThrownBy(all::get).isInstanceOf(ExecutionException.class).hasCauseInstanceOf(IOException.class);
        await().until(() -> endless.isCancelled() && late.isCancelled());
    }

    @Test
    void anUncheckedFailureIsThrownAsItIs() {
        IllegalStateException own = new IllegalStateException("own");
        assertThatThrownBy(() -> Task.all(failing(own), endless()).await()).isSameAs(own);
        assertThatThrownBy(() -> Task.any(failing(own)).await()).isSameAs(own);
    }

    @Test
    void anyGivesTheFirstResultPassesOverFailuresAndCancelsTheRest() throws Exception {
        Task<String> endless = endless();
        Task<String> failing = failing(new IOException("passed over"));
        await().until(failing::isDone);
        CountDownLatch late = new CountDownLatch(1);
        Task<String> quick = run(() -> {
            late.await();
            return "quick";
        });
        Task<String> any = Task.any(endless, failing, quick);
        assertThatThrownBy(() -> any.await(Duration.ofMillis(1))).isInstanceOf(TaskTimeoutException.class);
        late.countDown();
        assertThat(any.await()).isEqualTo("quick");
        await().until(endless::isCancelled);
    }

    @Test
    void anyWhoseTasksAllFailFailsAsTheFirst() {
        Task<String> first = failing(new IOException("first"));
        await().until(first::isDone);
        Task<String> any = Task.any(first, failing(new IOException("second")));
        assertThatThrownBy(any::await).isInstanceOf(TaskFailedException.class).hasStackTraceContaining("first");
    }

    @Test
    void aNullIsAResultOfAny() {
        assertThat(Task.<Object>any(endless(), run(() -> null)).await()).isNull();
    }

    @Test
    void theSameTaskMayBeGivenTwice() {
        Task<Integer> one = run(() -> 1);
        assertThat(Task.all(one, one).await()).containsExactly(1, 1);
        Task<Integer> bad = failing(new IOException("bad"));
        assertThatThrownBy(() -> Task.any(bad, bad).await()).isInstanceOf(TaskFailedException.class);
    }

    @Test
    void toCancelTheWholeIsToCancelThePartsAndTheOtherWayAbout() {
        Task<String> one = endless();
        Task<String> two = endless();
        Task<List<String>> all = Task.all(one, two);
        assertThat(all.cancel()).isTrue();
        assertThat(all.cancel()).isFalse();
        assertThat(List.of(all.isCancelled(), one.isCancelled(), two.isCancelled()))
                .containsOnly(true);
        assertThatThrownBy(all::await).isInstanceOf(TaskCancelledException.class);

        Task<String> three = endless();
        Task<List<String>> whole = Task.all(three, endless());
        three.cancel();
        assertThatThrownBy(whole::await).isInstanceOf(TaskCancelledException.class);
        assertThat(whole.isCancelled()).isTrue();
    }

    @Test
    void anInterruptReachesTheParts() {
        Task<List<String>> all = Task.all(endless(), endless());
        all.interrupt();
        assertThatThrownBy(all::await).isInstanceOf(TaskInterruptedException.class);
    }

    @Test
    void dependentsOfItsFutureRun() throws Exception {
        CompletableFuture<Integer> sum = Task.all(run(() -> 1), run(() -> 2))
                .toCompletableFuture()
                .thenApply(list -> list.stream().mapToInt(Integer::intValue).sum());
        assertThat(sum.get()).isEqualTo(3);
        CompletableFuture<Object> cancelled = Task.<Object>any(endless()).toCompletableFuture();
        assertThat(cancelled.cancel(true)).isTrue();
    }

    @Test
    void theThreadOfASlaveIsToldThatItWouldWaitForItself() {
        try (SlaveThread slave = threads.slaveThread(SlaveThreadOptions.defaults())) {
            assertThatThrownBy(() ->
                            slave.invoke(() -> Task.all(slave.schedule(() -> 1)).await()))
                    .isInstanceOf(ProcessionalException.class)
                    .hasMessageContaining("queued behind");
        }
    }

    @Test
    void combinationsCanBeCombined() {
        Task<List<Integer>> pair = Task.all(run(() -> 1), run(() -> 2));
        Task<Integer> one = Task.any(run(() -> 3));
        assertThat(Task.<Object>all(pair, one).await()).containsExactly(List.of(1, 2), 3);
    }

    @Test
    void aFailureThatTheWholeShowsIsNotReportedForThePartAndOneThatNobodyAsksForIs() {
        try (LogCapture log = new LogCapture()) {
            Task<List<String>> seen = Task.all(failing(new IOException("one who asks sees this")));
            assertThatThrownBy(seen::await).isInstanceOf(TaskFailedException.class);
            Task<String> any = Task.any(failing(new IOException("passed over")), run(() -> "good"));
            assertThat(any.await()).isEqualTo("good");
            dropAWholeThatFails();
            await().until(() -> {
                System.gc();
                return log.text().contains("nobody asked for this");
            });
            assertThat(log.text()).doesNotContain("one who asks").doesNotContain("passed over");
        }
    }

    private static void dropAWholeThatFails() {
        Task<List<String>> all = Task.all(failing(new IOException("nobody asked for this")));
        await().until(all::isDone);
    }

    @Test
    void aTaskOfSomebodyElseIsTakenAsWell() throws Exception {
        Foreign<String> good = new Foreign<>(run(() -> "good"));
        Foreign<String> bad = new Foreign<>(failing(new IOException("bad")));
        Foreign<String> endless = new Foreign<>(endless());
        assertThat(Task.all(good, run(() -> "own")).await()).containsExactly("good", "own");
        assertThat(Task.any(bad, endless, good).await()).isEqualTo("good");
        assertThatThrownBy(() -> Task.all(bad, new Foreign<>(endless())).get())
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseMessage("bad");
        await().until(endless::isCancelled);
    }

    @Test
    void whicheverWayTheyRaceItEndsOnce() {
        for (int round = 0; round < Rounds.of(2000); round++) {
            int rest = round % 4;
            AtomicInteger ran = new AtomicInteger();
            List<Task<Integer>> tasks = new ArrayList<>();
            try (SlaveThread slave = threads.slaveThread(SlaveThreadOptions.defaults())) {
                for (int i = 0; i < 4; i++) {
                    int number = i;
                    Call<Integer, IOException> call = () -> {
                        ran.incrementAndGet();
                        if (number == rest && number > 0) {
                            throw new IOException("number " + number);
                        }
                        return number;
                    };
                    tasks.add(i % 2 == 0 ? slave.schedule(call) : run(call));
                }
                Task<List<Integer>> all = Task.all(tasks);
                if (rest == 0) {
                    assertThat(all.await()).containsExactly(0, 1, 2, 3);
                    assertThat(ran).hasValue(4);
                } else {
                    assertThatThrownBy(all::await)
                            .isInstanceOf(TaskFailedException.class)
                            .hasRootCauseMessage("number " + rest);
                }
            }
        }
    }
}
