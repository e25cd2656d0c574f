// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;
import static org.processional.Processional.adoptLoop;
import static org.processional.Processional.adoptThread;
import static org.processional.Processional.cancellation;
import static org.processional.Processional.slaveThread;
import static org.processional.Processional.thread;
import static org.processional.Processional.uninterruptible;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.Action;
import org.processional.Call;
import org.processional.Cancel;
import org.processional.CancellationToken;
import org.processional.SlaveThread;
import org.processional.SlaveThreadOptions;
import org.processional.Task;
import org.processional.TaskCancelledException;
import org.processional.TaskInterruptedException;
import org.processional.TaskOptions;
import org.processional.TaskTimeoutException;
import org.processional.Uninterruptible;
import org.processional.engine.testing.LogCapture;
import org.processional.engine.testing.Rounds;

/** The ladder of cancelling and time limits, for functions in this JVM. */
@Timeout(60)
class CancelTest {
    private static final Cancel KILL = Cancel.kill(Duration.ofSeconds(1));
    private static final Duration LONG = Duration.ofMinutes(10);

    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final AtomicBoolean requested = new AtomicBoolean();

    /** Runs until its token says otherwise, whatever interrupts it. */
    private void heedTheToken() {
        begun.countDown();
        CancellationToken token = cancellation();
        while (!token.isRequested()) {
            Thread.onSpinWait();
        }
        requested.set(true);
    }

    private void heedNothing() {
        begun.countDown();
        boolean over = false;
        while (!over) {
            try {
                goOn.await();
                over = true;
            } catch (InterruptedException e) {
                requested.set(cancellation().isRequested());
            }
        }
    }

    // ---- the rungs

    @Test
    void whatWaitsIsDequeued() throws Exception {
        AtomicBoolean ran = new AtomicBoolean();
        try (SlaveThread slave = slaveThread()) {
            slave.schedule(this::heedNothing);
            Task<?> waiting = slave.schedule(() -> ran.set(true));
            assertThat(waiting.endedBy()).isEmpty();
            assertThat(waiting.cancel(Cancel.dequeue())).isTrue();
            assertThat(waiting.endedBy()).contains(Cancel.Rung.DEQUEUE);
            assertThatThrownBy(waiting::await)
                    .isInstanceOf(TaskCancelledException.class)
                    .hasMessageContaining("before it began");
            goOn.countDown();
        }
        assertThat(ran).isFalse();
    }

    @Test
    void whatRunsIsInterruptedAndSeesItsToken() throws Exception {
        try (SlaveThread slave = slaveThread()) {
            Task<?> running = slave.schedule(this::heedTheToken);
            begun.await();
            assertThat(running.cancel(Cancel.interrupt())).isTrue();
            await().untilTrue(requested);
            await().until(() -> running.endedBy().isPresent());
            assertThat(running.endedBy()).contains(Cancel.Rung.INTERRUPT);
            assertThatThrownBy(running::await)
                    .isInstanceOf(TaskCancelledException.class)
                    .hasMessageContaining("while it ran");
        }
    }

    @Test
    void theMildestRungLeavesWhatRunsAlone() throws Exception {
        try (SlaveThread slave = slaveThread()) {
            Task<?> running = slave.schedule(() -> {
                begun.countDown();
                goOn.await();
                requested.set(cancellation().isRequested());
            });
            begun.await();
            assertThat(running.cancel(false)).isTrue();
            goOn.countDown();
            slave.invoke(() -> {}); // it is over
            assertThat(requested).isFalse();
            assertThat(running.endedBy()).as("it ended by itself").isEmpty();
        }
    }

    @Test
    void oneMayGoFurtherDown() throws Exception {
        Task<?> running = thread(this::heedTheToken);
        begun.await();
        assertThat(running.cancel(Cancel.dequeue())).isTrue();
        assertThat(running.cancel(Cancel.interrupt())).as("cancelled before").isFalse();
        await().until(() -> running.endedBy().isPresent());
        assertThat(running.endedBy()).contains(Cancel.Rung.INTERRUPT);
    }

    @Test
    void aThreadCannotBeKilled() throws Exception {
        ExecutorService loop = Executors.newSingleThreadExecutor();
        Thread ofLoop = loop.submit(Thread::currentThread).get();
        try (SlaveThread own = slaveThread();
                SlaveThread adopted = adoptThread();
                SlaveThread looping = adoptLoop(loop, () -> Thread.currentThread() == ofLoop)) {
            List<Task<?>> tasks = List.of(
                    own.schedule(() -> goOn.await()),
                    adopted.schedule(() -> 1),
                    looping.schedule(() -> goOn.await()),
                    thread(() -> goOn.await()));
            for (Task<?> task : tasks) {
                assertThatThrownBy(() -> task.cancel(KILL))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("cannot be killed")
                        .hasMessageContaining("slave()");
            }
            TaskOptions kill = TaskOptions.builder().limit(LONG).atLimit(KILL).build();
            AtomicInteger ran = new AtomicInteger();
            Action<RuntimeException> count = ran::incrementAndGet;
            for (SlaveThread slave : List.of(own, adopted, looping)) {
                assertThatThrownBy(() -> slave.schedule(count, kill)).hasMessageContaining("cannot be killed");
                assertThatThrownBy(() -> slave.invoke(count, kill)).hasMessageContaining("cannot be killed");
            }
            assertThatThrownBy(() -> thread(count, kill)).hasMessageContaining("cannot be killed");
            goOn.countDown();
            adopted.step();
            for (Task<?> task : tasks) {
                task.await();
            }
            assertThat(ran).hasValue(0);
        } finally {
            loop.shutdown();
        }
    }

    @Test
    void valuesOutOfRangeAreNamed() {
        assertThatThrownBy(() -> Cancel.kill(Duration.ofSeconds(-1))).hasMessageContaining("PT-1S");
        assertThatThrownBy(() -> new Cancel(Cancel.Rung.INTERRUPT, Duration.ofSeconds(1)))
                .hasMessageContaining("INTERRUPT");
        assertThatThrownBy(() -> TaskOptions.within(Duration.ZERO)).hasMessageContaining("limit is PT0S");
        TaskOptions options = TaskOptions.builder()
                .name("n")
                .limit(LONG)
                .atLimit(Cancel.dequeue())
                .build();
        assertThat(options.toBuilder().build()).isEqualTo(options);
    }

    // ---- the token

    @Test
    void theTokenIsSeenInWhatTheTaskRunsWithinItself() throws Exception {
        AtomicReference<CancellationToken> inner = new AtomicReference<>();
        AtomicReference<CancellationToken> invoked = new AtomicReference<>();
        try (SlaveThread slave = slaveThread()) {
            Task<?> outer = slave.schedule(() -> {
                try (SlaveThread mine = adoptThread()) {
                    mine.schedule(() -> inner.set(cancellation()));
                    mine.step();
                }
                slave.invoke(() -> invoked.set(cancellation()));
                assertThat(cancellation().isRequested()).isFalse();
                cancellation().throwIfRequested();
                heedTheToken();
            });
            begun.await();
            assertThat(inner.get().isRequested()).isFalse();
            outer.cancel();
            await().untilTrue(requested);
            assertThat(inner.get().isRequested()).isTrue();
            assertThat(invoked.get().isRequested()).as("for other threads too").isTrue();
            assertThatThrownBy(invoked.get()::throwIfRequested).isInstanceOf(TaskCancelledException.class);
        }
    }

    @Test
    void theTokenOfOneTaskIsNotThatOfTheNext() {
        try (SlaveThread slave = slaveThread()) {
            slave.schedule(this::heedTheToken).cancel();
            assertThat(slave.<Boolean, RuntimeException>invoke(
                            () -> cancellation().isRequested()))
                    .isFalse();
        }
        assertThat(cancellation().isRequested()).as("outside of tasks").isFalse();
        assertThat(cancellation().timeLeft()).isEmpty();
        cancellation().throwIfRequested();
    }

    @Test
    void theTokenIsSeenWhereTheInterruptIsHeldBack() throws Exception {
        AtomicBoolean interrupted = new AtomicBoolean(true);
        Task<?> task = thread(() -> {
            try (Uninterruptible region = uninterruptible()) {
                heedTheToken();
                interrupted.set(Thread.currentThread().isInterrupted());
            }
        });
        begun.await();
        task.cancel();
        await().until(() -> task.endedBy().isPresent());
        assertThat(interrupted).isFalse();
    }

    @Test
    void throwingTheTokenIsAnInterruptHeeded() throws Exception {
        Task<?> task = thread(() -> {
            begun.countDown();
            while (true) {
                cancellation().throwIfRequested();
                Thread.onSpinWait();
            }
        });
        begun.await();
        task.interrupt();
        assertThatThrownBy(task::await)
                .isInstanceOf(TaskInterruptedException.class)
                .hasCauseInstanceOf(TaskCancelledException.class);
        assertThat(task.endedBy()).contains(Cancel.Rung.INTERRUPT);
    }

    // ---- time limits

    @Test
    void theLimitSaysWhatTheFunctionWasDoing() throws Exception {
        TaskOptions options = TaskOptions.builder()
                .name("resize")
                .limit(Duration.ofSeconds(1))
                .build();
        List<Task<?>> tasks = new ArrayList<>();
        try (SlaveThread slave = slaveThread()) {
            tasks.add(slave.schedule(this::heedNothing, options));
            begun.await();
            tasks.add(thread(this::heedNothing, options));
            for (Task<?> task : tasks) {
                Throwable late = catchThrowable(task::await);
                assertThat(late)
                        .isInstanceOf(TaskTimeoutException.class)
                        .hasMessageContaining("\"resize\"")
                        .hasMessageContaining("PT1S")
                        .hasMessageContaining("running in thread processional-");
                assertThat(Arrays.asList(late.getStackTrace()))
                        .anyMatch(frame -> frame.getMethodName().equals("heedNothing"))
                        .anyMatch(frame -> frame.toString().contains("ran in thread processional-"));
                assertThatThrownBy(task::get)
                        .isInstanceOf(ExecutionException.class)
                        .hasCauseInstanceOf(TaskTimeoutException.class);
                assertThat(task.isCancelled()).isFalse();
                assertThat(task.endedBy()).as("it still runs").isEmpty();
            }
            await().untilTrue(requested);
            goOn.countDown();
            for (Task<?> task : tasks) {
                await().until(() -> task.endedBy().isPresent());
                assertThat(task.endedBy()).contains(Cancel.Rung.INTERRUPT);
            }
        }
    }

    @Test
    void theLimitCountsFromScheduling() throws Exception {
        try (SlaveThread slave = slaveThread()) {
            slave.schedule(this::heedNothing);
            Task<Integer> waiting = slave.schedule(() -> 1, TaskOptions.within(Duration.ofMillis(50)));
            Call<Integer, RuntimeException> call = () -> 2;
            assertThatThrownBy(() -> slave.invoke(call, TaskOptions.within(Duration.ofMillis(50))))
                    .isInstanceOf(TaskTimeoutException.class)
                    .hasMessageContaining("it had not begun");
            assertThatThrownBy(waiting::await)
                    .isInstanceOf(TaskTimeoutException.class)
                    .hasMessageContaining("it had not begun");
            assertThat(waiting.endedBy()).contains(Cancel.Rung.DEQUEUE);
            goOn.countDown();
            assertThat(slave.<Integer, RuntimeException>invoke(call, TaskOptions.within(LONG)))
                    .isEqualTo(2);
        }
    }

    @Test
    void theLimitEndsTheWaitForRoom() {
        try (SlaveThread slave = slaveThread(
                SlaveThreadOptions.builder().capacity(2).roomLimit(LONG).build())) {
            slave.schedule(this::heedNothing);
            await().until(() -> begun.getCount() == 0);
            slave.schedule(() -> 1);
            slave.schedule(() -> 1);
            assertThatThrownBy(() -> slave.schedule(() -> 1, TaskOptions.within(Duration.ofMillis(50))))
                    .isInstanceOf(TaskTimeoutException.class);
            goOn.countDown();
        }
    }

    @Test
    void theLimitHoldsInPlace() {
        try (SlaveThread slave = slaveThread()) {
            Throwable late = slave.invoke(() ->
                    catchThrowable(() -> slave.invoke(this::heedTheToken, TaskOptions.within(Duration.ofMillis(50)))));
            assertThat(late).isInstanceOf(TaskTimeoutException.class).hasMessageContaining("PT0.05S");
            assertThat(slave.<Boolean, RuntimeException>invoke(
                            () -> cancellation().isRequested()
                                    || Thread.currentThread().isInterrupted()))
                    .isFalse();
        }
    }

    @Test
    void aLimitThatOnlyDequeuesLetsTheFunctionRun() throws Exception {
        TaskOptions options = TaskOptions.builder()
                .limit(Duration.ofSeconds(1))
                .atLimit(Cancel.dequeue())
                .build();
        AtomicBoolean interrupted = new AtomicBoolean();
        Task<?> task = thread(
                () -> {
                    goOn.await();
                    interrupted.set(Thread.currentThread().isInterrupted());
                    begun.countDown();
                },
                options);
        assertThatThrownBy(task::await).isInstanceOf(TaskTimeoutException.class);
        goOn.countDown();
        begun.await();
        assertThat(interrupted).isFalse();
        assertThat(task.endedBy()).isEmpty();
    }

    @Test
    void callsHaveWhatIsLeftOfTheTime() {
        try (SlaveThread a = slaveThread();
                SlaveThread b = slaveThread()) {
            Duration left =
                    a.invoke(() -> b.invoke(() -> cancellation().timeLeft().orElseThrow()), TaskOptions.within(LONG));
            assertThat(left).isPositive().isLessThan(LONG);
            Duration shorter = a.invoke(
                    () -> b.invoke(() -> cancellation().timeLeft().orElseThrow(), TaskOptions.within(LONG)),
                    TaskOptions.within(LONG.minusMinutes(1)));
            assertThat(shorter).isLessThan(LONG.minusMinutes(1));
            assertThat(b.<Boolean, RuntimeException>invoke(
                            () -> cancellation().timeLeft().isEmpty()))
                    .as("of a call that nobody limits")
                    .isTrue();
        }
    }

    @Test
    void callsEndWithTheTimeOfTheirCaller() {
        AtomicReference<Throwable> inner = new AtomicReference<>();
        AtomicReference<Throwable> next = new AtomicReference<>();
        TaskOptions lenient = TaskOptions.builder()
                .limit(Duration.ofSeconds(1))
                .atLimit(Cancel.dequeue())
                .build();
        try (SlaveThread a = slaveThread();
                SlaveThread b = slaveThread()) {
            Task<?> outer = a.schedule(
                    () -> {
                        inner.set(catchThrowable(() -> b.invoke(this::heedTheToken)));
                        next.set(catchThrowable(() -> b.schedule(() -> 1)));
                    },
                    lenient);
            assertThatThrownBy(outer::await).isInstanceOf(TaskTimeoutException.class);
            await().until(() -> next.get() != null);
            assertThat(inner.get())
                    .isInstanceOf(TaskTimeoutException.class)
                    .hasMessageContaining("the task which asked for it");
            assertThat(next.get()).isInstanceOf(TaskTimeoutException.class).hasMessageContaining("is over");
        }
    }

    @Test
    void aLateTaskThatNobodyAsksForIsReported() {
        try (LogCapture log = new LogCapture();
                SlaveThread slave = slaveThread()) {
            slave.schedule(this::heedTheToken, TaskOptions.within(Duration.ofSeconds(1)));
            await().untilTrue(requested);
            await().until(() -> {
                System.gc();
                return log.text().contains("did not end within its limit of PT1S");
            });
        }
    }

    // ---- races

    @Test
    void tasksEndOnceWhereverTheirLimitMeetsThem() {
        Random random = new Random(Rounds.SEED);
        System.out.println("seed " + Rounds.SEED);
        int late = 0;
        try (SlaveThread slave = slaveThread()) {
            for (int round = 0; round < Rounds.of(5_000); round++) {
                AtomicInteger runs = new AtomicInteger();
                long micros = random.nextInt(100);
                Task<Integer> task = slave.schedule(
                        () -> {
                            long end = System.nanoTime() + micros * 1000;
                            while (System.nanoTime() - end < 0) {
                                Thread.onSpinWait();
                            }
                            return runs.incrementAndGet();
                        },
                        TaskOptions.within(Duration.ofNanos(1 + random.nextInt(100_000))));
                if (random.nextInt(4) == 0) {
                    task.cancel(random.nextBoolean());
                }
                try {
                    assertThat(task.await()).isEqualTo(1);
                } catch (TaskTimeoutException | TaskCancelledException e) {
                    late++;
                }
                assertThat(slave.<Boolean, RuntimeException>invoke(
                                () -> cancellation().isRequested()
                                        || Thread.currentThread().isInterrupted()))
                        .as("round %d", round)
                        .isFalse();
                assertThat(runs.get()).isLessThanOrEqualTo(1);
                if (task.endedBy().equals(java.util.Optional.of(Cancel.Rung.DEQUEUE))) {
                    assertThat(runs).hasValue(0);
                }
            }
        }
        assertThat(late).as("late or cancelled").isPositive();
    }
}
