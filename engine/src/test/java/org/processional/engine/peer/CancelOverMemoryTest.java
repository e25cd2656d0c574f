// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;
import static org.processional.Processional.cancellation;
import static org.processional.Processional.client;
import static org.processional.Processional.export;
import static org.processional.Processional.serve;
import static org.processional.Processional.thread;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.processional.Action;
import org.processional.Call;
import org.processional.Cancel;
import org.processional.Proxy;
import org.processional.Server;
import org.processional.SlaveProcess;
import org.processional.Task;
import org.processional.TaskCancelledException;
import org.processional.TaskOptions;
import org.processional.TaskTimeoutException;
import org.processional.engine.testing.Rounds;

/** The ladder of cancelling and time limits, over a connection; both ends are here, so that tests see both. */
@Timeout(60)
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {"mem", "mem-plain"})
class CancelOverMemoryTest {
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final AtomicInteger COUNT = new AtomicInteger();

    private static volatile CountDownLatch begun = new CountDownLatch(1);
    private static volatile CountDownLatch goOn = new CountDownLatch(1);
    private static final AtomicBoolean REQUESTED = new AtomicBoolean();
    private static final AtomicReference<Throwable> INNER = new AtomicReference<>();

    @Parameter
    String scheme;

    private Server server;
    private SlaveProcess client;

    @BeforeEach
    void connect() {
        begun = new CountDownLatch(1);
        goOn = new CountDownLatch(1);
        REQUESTED.set(false);
        INNER.set(null);
        String address = scheme + ":cancel-" + COUNT.incrementAndGet();
        server = serve(address);
        client = client(address);
    }

    @AfterEach
    void disconnect() {
        goOn.countDown();
        client.close();
        server.close();
    }

    private static void heedTheToken() {
        begun.countDown();
        while (!cancellation().isRequested()) {
            Thread.onSpinWait();
        }
        REQUESTED.set(true);
    }

    private static void heedNothing() {
        begun.countDown();
        boolean over = false;
        while (!over) {
            try {
                goOn.await();
                over = true;
            } catch (InterruptedException e) {
                REQUESTED.set(cancellation().isRequested());
            }
        }
    }

    private static Optional<Cancel.Rung> rung(Task<?> task) {
        await().until(() -> task.endedBy().isPresent());
        return task.endedBy();
    }

    // ---- the rungs

    @Test
    void whatWaitsIsDequeued() throws Exception {
        Task<?> first = client.schedule(() -> heedNothing());
        begun.await();
        Task<?> waiting = client.schedule(() -> REQUESTED.set(true));
        assertThat(waiting.cancel(Cancel.dequeue())).isTrue();
        assertThat(rung(waiting)).contains(Cancel.Rung.DEQUEUE);
        assertThatThrownBy(waiting::await)
                .isInstanceOf(TaskCancelledException.class)
                .hasMessageContaining("before it began");
        goOn.countDown();
        first.await();
        assertThat(REQUESTED).isFalse();
    }

    @Test
    void whatRunsSeesItsTokenOnTheMainThreadAndBeside() throws Exception {
        Action<RuntimeException> function = CancelOverMemoryTest::heedTheToken;
        for (boolean beside : new boolean[] {false, true}) {
            begun = new CountDownLatch(1);
            Task<?> running = beside ? client.thread(function) : client.schedule(function);
            begun.await();
            assertThat(running.cancel(Cancel.interrupt())).isTrue();
            assertThat(rung(running)).contains(Cancel.Rung.INTERRUPT);
            assertThat(REQUESTED).isTrue();
            assertThatThrownBy(running::await).hasMessageContaining("while it ran");
        }
    }

    @Test
    void theMildestRungLeavesWhatRunsAlone() throws Exception {
        Task<?> running = client.schedule(() -> {
            begun.countDown();
            goOn.await();
            REQUESTED.set(cancellation().isRequested() || Thread.currentThread().isInterrupted());
        });
        begun.await();
        assertThat(running.cancel(false)).isTrue();
        goOn.countDown();
        client.invoke(() -> {});
        assertThat(REQUESTED).isFalse();
        assertThat(running.endedBy()).as("it ended by itself").isEmpty();
        assertThat(running.cancel(true)).isFalse();
    }

    @Test
    void aClientMayGoFurtherDownButNotKill() throws Exception {
        Task<?> running = client.schedule(() -> heedTheToken());
        begun.await();
        Cancel kill = Cancel.kill(Duration.ofSeconds(1));
        assertThatThrownBy(() -> running.cancel(kill))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT1S")
                .hasMessageContaining("only its owner");
        assertThat(running.isDone()).as("nothing has happened").isFalse();
        TaskOptions options = TaskOptions.builder().limit(LONG).atLimit(kill).build();
        assertThatThrownBy(() -> client.schedule(() -> 1, options)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> client.thread(() -> 1, options)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> client.invoke(() -> {}, options)).isInstanceOf(IllegalArgumentException.class);
        assertThat(running.cancel(Cancel.dequeue())).isTrue();
        assertThat(running.cancel(Cancel.interrupt())).isFalse();
        assertThat(rung(running)).contains(Cancel.Rung.INTERRUPT);
    }

    /** Here, to the main thread there, back here in the thread that waits, and there again within the first call. */
    @Test
    void theTokenIsSeenThroughNestedCalls() throws Exception {
        try (Proxy<Holder> proxy = export(new Holder(client))) {
            Task<?> outer =
                    client.schedule(() -> proxy.run(object -> object.back().invoke(() -> heedTheToken())));
            Task<?> waits = thread(() -> outer.await());
            begun.await();
            assertThat(outer.cancel()).isTrue();
            await().untilTrue(REQUESTED);
            assertThatThrownBy(waits::await).isInstanceOf(TaskCancelledException.class);
        }
    }

    /** An object of this process. */
    record Holder(SlaveProcess back) {}

    // ---- time limits

    @Test
    void theLimitSaysWhatTheFunctionWasDoingThere() throws Exception {
        TaskOptions options = TaskOptions.builder()
                .name("resize")
                .limit(Duration.ofSeconds(1))
                .build();
        Task<?> task = client.schedule(() -> heedNothing(), options);
        begun.await();
        Throwable late = catchThrowable(task::await);
        assertThat(late)
                .isInstanceOf(TaskTimeoutException.class)
                .hasMessageContaining("\"resize\"")
                .hasMessageContaining("PT1S")
                .hasMessageContaining("running in thread processional-main-")
                .hasMessageContaining("of process " + Identity.PID);
        assertThat(Arrays.asList(late.getStackTrace()))
                .anyMatch(frame -> frame.getMethodName().equals("heedNothing"))
                .anyMatch(frame -> frame.toString().contains("ran in process " + Identity.PID));
        await().untilTrue(REQUESTED);
        goOn.countDown();
        assertThat(rung(task)).contains(Cancel.Rung.INTERRUPT);
    }

    @Test
    void theLimitCountsFromScheduling() throws Exception {
        Task<?> first = client.schedule(() -> heedNothing());
        begun.await();
        Task<Integer> waiting = client.schedule(() -> 1, TaskOptions.within(Duration.ofMillis(50)));
        assertThatThrownBy(waiting::await)
                .isInstanceOf(TaskTimeoutException.class)
                .hasMessageContaining("PT0.05S")
                .hasMessageContaining("it had not begun");
        assertThat(rung(waiting)).contains(Cancel.Rung.DEQUEUE);
        Call<Integer, RuntimeException> call = () -> 2;
        assertThatThrownBy(() -> client.invoke(call, TaskOptions.within(Duration.ofMillis(50))))
                .isInstanceOf(TaskTimeoutException.class);
        goOn.countDown();
        first.await();
        assertThat(client.<Integer, RuntimeException>invoke(call, TaskOptions.within(LONG)))
                .isEqualTo(2);
    }

    @Test
    void callsOfAllKindsHaveWhatIsLeftOfTheTime() {
        try (Proxy<Holder> proxy = export(new Holder(client))) {
            TaskOptions options = TaskOptions.within(LONG);
            Duration task = client.invoke(() -> cancellation().timeLeft().orElseThrow(), options);
            assertThat(task).isPositive().isLessThan(LONG);
            Duration callback = client.invoke(
                    () -> proxy.call(object -> cancellation().timeLeft().orElseThrow()), options);
            assertThat(callback).isPositive().isLessThan(LONG);
            Duration later = client.invoke(
                    () -> proxy.schedule(object -> cancellation().timeLeft().orElseThrow())
                            .await(),
                    options);
            assertThat(later).isPositive().isLessThan(LONG);
            Duration beside = client.thread(() -> cancellation().timeLeft().orElseThrow(), options)
                    .await();
            assertThat(beside).isPositive().isLessThan(LONG);
        }
        assertThat(client.<Boolean, RuntimeException>invoke(
                        () -> cancellation().timeLeft().isEmpty()))
                .isTrue();
    }

    @Test
    void callsEndWithTheTimeOfTheirCaller() {
        TaskOptions lenient = TaskOptions.builder()
                .limit(Duration.ofSeconds(1))
                .atLimit(Cancel.dequeue())
                .build();
        try (Proxy<Holder> proxy = export(new Holder(client))) {
            Task<?> outer = client.schedule(
                    () -> INNER.set(catchThrowable(() -> proxy.run(object -> heedTheToken()))), lenient);
            assertThatThrownBy(outer::await).isInstanceOf(TaskTimeoutException.class);
            await().until(() -> INNER.get() != null);
            assertThat(INNER.get())
                    .isInstanceOf(TaskTimeoutException.class)
                    .hasMessageContaining("the task which asked for it");
        }
    }

    // ---- races

    @Test
    void tasksEndOnceWhereverCancelsAndLimitsMeetThem() {
        Random random = new Random(Rounds.SEED);
        System.out.println("seed " + Rounds.SEED);
        AtomicInteger stopped = new AtomicInteger();
        for (int round = 0; round < Rounds.of(3_000); round++) {
            long micros = random.nextInt(100);
            Task<Integer> task = client.schedule(
                    () -> {
                        long end = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(micros);
                        while (System.nanoTime() - end < 0) {
                            Thread.onSpinWait();
                        }
                        return 1;
                    },
                    TaskOptions.within(Duration.ofNanos(1_000 + random.nextInt(200_000))));
            if (random.nextInt(3) == 0) {
                long pause = System.nanoTime() + random.nextInt(100_000);
                while (System.nanoTime() - pause < 0) {
                    Thread.onSpinWait();
                }
                task.cancel(random.nextBoolean());
            }
            try {
                assertThat(task.await()).isEqualTo(1);
            } catch (TaskTimeoutException | TaskCancelledException e) {
                stopped.incrementAndGet();
            }
            assertThat(client.<Boolean, RuntimeException>invoke(
                            () -> cancellation().isRequested()
                                    || Thread.currentThread().isInterrupted()))
                    .as("round %d", round)
                    .isFalse();
        }
        assertThat(stopped).as("late or cancelled").hasPositiveValue();
    }
}
