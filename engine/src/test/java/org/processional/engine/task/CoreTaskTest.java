// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.Cancel;
import org.processional.TaskCancelledException;
import org.processional.TaskFailedException;
import org.processional.TaskInterruptedException;
import org.processional.TaskTimeoutException;
import org.processional.WaitInterruptedException;
import org.processional.engine.testing.LogCapture;
import org.processional.engine.testing.Rounds;

@Timeout(60)
class CoreTaskTest {
    /** A task that the test ends by hand. */
    private static final class ByHand extends CoreTask<Object> {
        @Override
        protected boolean awaitEnd(boolean timed, long deadlineNanos) throws InterruptedException {
            return parkUntilEnd(timed, deadlineNanos);
        }

        @Override
        public boolean cancel(Cancel how) {
            return fail(Failure.cancelled());
        }

        @Override
        protected void require(Cancel how) {}

        @Override
        public Optional<Cancel.Rung> endedBy() {
            return Optional.empty();
        }

        @Override
        public void interrupt() {
            fail(Failure.interrupted(new InterruptedException()));
        }
    }

    @Test
    void onlyTheFirstEndCounts() {
        ByHand task = new ByHand();
        assertThat(task.succeed(1)).isTrue();
        assertThat(task.succeed(2)).isFalse();
        assertThat(task.fail(Failure.thrown(new IllegalStateException()))).isFalse();
        assertThat(task.await()).isEqualTo(1);
        assertThat(task.cancel()).isFalse();
    }

    @Test
    void aNullResultIsAResult() throws Exception {
        ByHand task = new ByHand();
        task.succeed(null);
        assertThat(task.isDone()).isTrue();
        assertThat(task.check()).isTrue();
        assertThat(task.await()).isNull();
        assertThat(task.get()).isNull();
    }

    @Test
    void s5_theResultCanBeAskedForAnyNumberOfTimes() throws Exception {
        ByHand task = new ByHand();
        assertThat(task.check()).isFalse();
        task.succeed("x");
        for (int i = 0; i < 3; i++) {
            assertThat(task.await()).isEqualTo("x");
            assertThat(task.await(Duration.ZERO)).isEqualTo("x");
            assertThat(task.get()).isEqualTo("x");
            assertThat(task.get(0, TimeUnit.NANOSECONDS)).isEqualTo("x");
            assertThat(task.check()).isTrue();
        }
    }

    @Test
    void t3_checkThrowsTheFailure() {
        ByHand task = new ByHand();
        IllegalStateException own = new IllegalStateException("own");
        task.fail(Failure.thrown(own));
        assertThatThrownBy(task::check).isSameAs(own);
    }

    @Test
    void eachKindOfFailureIsToldByEachWayOfAsking() {
        ByHand checked = new ByHand();
        IOException own = new IOException("own");
        checked.fail(Failure.thrown(own));
        assertThatThrownBy(checked::await)
                .isInstanceOf(TaskFailedException.class)
                .hasCause(own);
        assertThatThrownBy(checked::get).isInstanceOf(ExecutionException.class).hasCause(own);
        assertThatThrownBy(checked::resultOrThrowExactly).isSameAs(own);

        ByHand serious = new ByHand();
        serious.fail(Failure.thrown(new AssertionError("serious")));
        assertThatThrownBy(serious::await).isInstanceOf(AssertionError.class);

        ByHand cancelled = new ByHand();
        assertThat(cancelled.cancel()).isTrue();
        assertThat(cancelled.isCancelled()).isTrue();
        assertThatThrownBy(cancelled::await).isInstanceOf(TaskCancelledException.class);
        assertThatThrownBy(cancelled::get).isInstanceOf(CancellationException.class);

        ByHand interrupted = new ByHand();
        interrupted.interrupt();
        assertThat(interrupted.isCancelled()).isFalse();
        assertThatThrownBy(interrupted::await).isInstanceOf(TaskInterruptedException.class);
        assertThatThrownBy(interrupted::get).hasCauseInstanceOf(TaskInterruptedException.class);
    }

    @Test
    void aCancellationExceptionOfTheFunctionIsNoCancellation() {
        ByHand task = new ByHand();
        CancellationException own = new CancellationException("own");
        task.fail(Failure.thrown(own));
        assertThat(task.isCancelled()).isFalse();
        assertThatThrownBy(task::get).isInstanceOf(ExecutionException.class).hasCause(own);
    }

    @Test
    void t4_aLimitThatIsOverLeavesTheTaskGoingOn() {
        ByHand task = new ByHand();
        assertThatThrownBy(() -> task.await(Duration.ofMillis(5))).isInstanceOf(TaskTimeoutException.class);
        assertThatThrownBy(() -> task.await(Duration.ZERO)).isInstanceOf(TaskTimeoutException.class);
        assertThatThrownBy(() -> task.get(-1, TimeUnit.DAYS)).isInstanceOf(TimeoutException.class);
        assertThatThrownBy(() -> task.get(Long.MIN_VALUE, TimeUnit.NANOSECONDS)).isInstanceOf(TimeoutException.class);
        assertThatThrownBy(() -> task.await(Duration.ofMillis(-1))).isInstanceOf(IllegalArgumentException.class);
        assertThat(task.isDone()).isFalse();
        task.succeed(1);
        assertThat(task.await(Duration.ofDays(1_000_000))).isEqualTo(1);
    }

    @Test
    void anInterruptedWaitKeepsTheFlagWhereTheContractSaysSo() {
        ByHand task = new ByHand();
        Thread.currentThread().interrupt();
        assertThatThrownBy(task::await).isInstanceOf(WaitInterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
        Thread.currentThread().interrupt();
        assertThatThrownBy(task::get).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void anInterruptDoesNotHideAResultThatIsThere() throws Exception {
        ByHand task = new ByHand();
        task.succeed(1);
        Thread.currentThread().interrupt();
        assertThat(task.get()).isEqualTo(1);
        assertThat(task.await()).isEqualTo(1);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void whoPollsWithShortLimitsLeavesNoWaitersBehind() throws Exception {
        ByHand task = new ByHand();
        for (int i = 0; i < 1000; i++) {
            assertThatThrownBy(() -> task.get(1, TimeUnit.MICROSECONDS)).isInstanceOf(TimeoutException.class);
        }
        var waiters = Ending.class.getDeclaredField("waiters");
        waiters.setAccessible(true);
        assertThat(waiters.get(task)).isNull();
    }

    @Test
    void waitersThatGiveUpAmongOthersLoseNobody() throws Exception {
        for (int round = 0; round < Rounds.of(2000); round++) {
            ByHand task = new ByHand();
            CountDownLatch woken = new CountDownLatch(2);
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                boolean patient = i % 2 == 0;
                Thread thread = new Thread(() -> {
                    if (patient) {
                        task.await();
                        woken.countDown();
                    } else {
                        for (int turn = 0; turn < 20; turn++) {
                            try {
                                task.await(Duration.ofNanos(100));
                                return;
                            } catch (TaskTimeoutException e) {
                                assertThat(e).hasMessageContaining("goes on");
                            }
                        }
                    }
                });
                threads.add(thread);
                thread.start();
            }
            task.succeed(round);
            woken.await();
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    @Test
    void anActionAtTheEndRunsOnce() throws Exception {
        for (int round = 0; round < Rounds.of(20_000); round++) {
            ByHand task = new ByHand();
            AtomicInteger count = new AtomicInteger();
            Thread ender = new Thread(() -> task.succeed(1));
            ender.start();
            task.atEnd(count::incrementAndGet);
            ender.join();
            assertThat(count).hasValue(1);
        }
    }

    @Test
    void anActionThatThrowsDoesNotKeepTheOthersFromKnowing() {
        ByHand task = new ByHand();
        AtomicInteger count = new AtomicInteger();
        try (LogCapture log = new LogCapture()) {
            task.atEnd(count::incrementAndGet);
            task.atEnd(() -> {
                throw new IllegalStateException("by an action");
            });
            task.atEnd(count::incrementAndGet);
            task.succeed(1);
            assertThat(log.text()).contains("by an action");
        }
        assertThat(count).hasValue(2);
    }

    @Test
    void futuresEndAsTheTaskDoesAndCancelIt() throws Exception {
        ByHand task = new ByHand();
        CompletableFuture<String> dependent = task.toCompletableFuture()
                .thenApply(value -> Thread.currentThread().getName());
        task.succeed(1);
        assertThat(dependent.get()).startsWith("processional-completion-");
        assertThat(task.toCompletableFuture().get()).isEqualTo(1);

        ByHand failed = new ByHand();
        IOException own = new IOException("own");
        CompletableFuture<Object> future = failed.toCompletableFuture();
        failed.fail(Failure.thrown(own));
        assertThatThrownBy(future::get).isInstanceOf(ExecutionException.class).hasCause(own);

        ByHand cancelled = new ByHand();
        assertThat(cancelled.toCompletableFuture().cancel(true)).isTrue();
        assertThatThrownBy(cancelled::await).isInstanceOf(TaskCancelledException.class);
    }

    @Test
    void cancellingTheFutureOfATaskThatHasEndedTellsItsEnd() throws Exception {
        for (int round = 0; round < Rounds.of(5000); round++) {
            ByHand task = new ByHand();
            CompletableFuture<Object> future = task.toCompletableFuture();
            task.succeed(round);
            assertThat(future.cancel(true)).isFalse();
            assertThat(future.get()).isEqualTo(round);
        }
    }
}
