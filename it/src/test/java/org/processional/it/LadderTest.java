// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;
import static org.processional.Processional.cancellation;
import static org.processional.Processional.client;
import static org.processional.Processional.export;
import static org.processional.Processional.server;
import static org.processional.Processional.slave;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.processional.Action;
import org.processional.Cancel;
import org.processional.ConnectionException;
import org.processional.Proxy;
import org.processional.SlaveDiedException;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;
import org.processional.Task;
import org.processional.TaskCancelledException;
import org.processional.TaskOptions;
import org.processional.TaskTimeoutException;

/** The ladder of cancelling, to its last rung: what heeds nothing ends with its slave, and nothing else does. */
@ParameterizedClass(name = "over {0}")
@MethodSource("allIfFull")
class LadderTest extends OverTransports {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Cancel KILL = Cancel.kill(Duration.ofMillis(100));

    private static SlaveProcess other;
    private static Task<Integer> ofOther;

    private final List<SlaveProcess> slaves = new ArrayList<>();

    @BeforeParameterizedClassInvocation
    static void startAnother() {
        other = slave();
        ofOther = other.thread(() -> {
            while (Heavy.SEEN.isEmpty()) {
                cancellation().throwIfRequested();
                synchronized (Heavy.SEEN) {
                    Heavy.SEEN.wait(10);
                }
            }
            return Heavy.SEEN.get(0);
        });
    }

    /** Whatever became of the slaves of the tests, the other one went on with what it did. */
    @AfterParameterizedClassInvocation
    static void theOtherHasGoneOn() {
        Task<?> tell = other.thread(() -> {
            synchronized (Heavy.SEEN) {
                Heavy.SEEN.add(42);
                Heavy.SEEN.notifyAll();
            }
        });
        tell.await();
        assertThat(ofOther.await()).isEqualTo(42);
        other.close();
        assertThat(other.exitCode()).contains(0);
    }

    private SlaveProcess newSlave() {
        SlaveProcess slave = slave();
        slaves.add(slave);
        return slave;
    }

    @AfterEach
    void close() {
        slaves.forEach(SlaveProcess::close);
    }

    /** Children of a slave, while it lives. */
    private static List<ProcessHandle> children(SlaveProcess slave) {
        return ProcessHandle.of(slave.pid()).orElseThrow().descendants().toList();
    }

    private static void assertNothingIsLeft(SlaveProcess slave, List<ProcessHandle> children) {
        await().atMost(SOON).until(() -> !Jvm.isAlive(slave.pid()));
        for (ProcessHandle child : children) {
            await().atMost(SOON).until(() -> !Jvm.isAlive(child.pid()));
        }
        String address = slave.address();
        int path = address.indexOf('/');
        if (!address.startsWith("tcp") && path >= 0) {
            assertThat(Path.of(address.substring(path))).doesNotExist();
        }
    }

    private static void awaitRung(Task<?> task, Cancel.Rung rung) {
        await().atMost(SOON).until(() -> task.endedBy().isPresent());
        assertThat(task.endedBy()).contains(rung);
    }

    private static void awaitBegun(SlaveProcess slave) {
        await().atMost(SOON).until(() -> slave.<Boolean, RuntimeException>invoke(() -> Stuck.begun));
    }

    /** Cancels a function that is stuck, and looks at all that follows. */
    private void stop(SlaveProcess slave, Action<?> function, Action<RuntimeException> whenStuck) throws Exception {
        Task<?> stuck = slave.thread(function);
        whenStuck.run();
        assertThat(slave.<Boolean, RuntimeException>invoke(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("processional-timer"))))
                .as("without limits there is no timer")
                .isTrue();
        Task<?> blocked = slave.schedule(Stuck::sleep);
        List<Task<?>> pending = new ArrayList<>(List.of(blocked));
        for (int i = 0; i < 10; i++) {
            pending.add(slave.schedule(() -> 1));
        }
        Task<Integer> dequeued = slave.schedule(() -> 1);
        assertThat(dequeued.cancel(KILL)).isTrue();
        awaitRung(dequeued, Cancel.Rung.DEQUEUE);
        List<ProcessHandle> children = children(slave);

        assertThat(stuck.cancel(KILL)).isTrue();
        assertThat(stuck.isDone()).as("the handle ends at once").isTrue();
        awaitRung(stuck, Cancel.Rung.KILL);
        assertThatThrownBy(stuck::await)
                .isInstanceOf(TaskCancelledException.class)
                .hasMessageContaining("slave was killed");
        for (Task<?> task : pending) {
            Throwable died = catchThrowable(() -> task.await(SOON));
            assertThat(died)
                    .isInstanceOf(SlaveDiedException.class)
                    .hasMessageContaining("a lambda of " + LadderTest.class.getName())
                    .hasMessageContaining("scheduled at " + LadderTest.class.getName() + ".stop")
                    .hasMessageContaining("was cancelled")
                    .hasMessageContaining("PT0.1S")
                    .hasMessageContaining("killed by this process");
            assertThat(((SlaveDiedException) died).causeTask()).contains("LadderTest.java");
            assertThat(task.endedBy()).isEmpty();
        }
        assertThatThrownBy(() -> slave.schedule(() -> 1))
                .isInstanceOf(SlaveDiedException.class)
                .hasMessageContaining("because of");
        assertNothingIsLeft(slave, children);
    }

    @Test
    void aLoopThatIgnoresInterrupts() throws Exception {
        SlaveProcess slave = newSlave();
        stop(slave, () -> Stuck.loop(), () -> awaitBegun(slave));
    }

    @Test
    void aReadInTheSystem() throws Exception {
        SlaveProcess slave = newSlave();
        stop(
                slave,
                () -> Stuck.readAPipe(),
                () -> await().atMost(SOON).until(() -> !children(slave).isEmpty()));
    }

    @Test
    void aClassInitializerThatHangs() throws Exception {
        SlaveProcess slave = newSlave();
        stop(slave, () -> Stuck.initialize(), () -> awaitBegun(slave));
    }

    @Test
    void twoTasksThatWaitForEachOther() throws Exception {
        SlaveProcess slave = newSlave();
        Task<?> half = slave.thread(() -> Stuck.deadlock(true));
        stop(
                slave,
                () -> Stuck.deadlock(false),
                () -> await().atMost(SOON)
                        .until(() -> slave.<Boolean, RuntimeException>invoke(() -> Stuck.isDeadlocked())));
        assertThatThrownBy(half::await).isInstanceOf(SlaveDiedException.class).hasMessageContaining("because of");
    }

    @Test
    void aBombOfThreads() throws Exception {
        SlaveProcess slave = newSlave();
        stop(slave, () -> Stuck.bomb(), () -> {
            await().atMost(SOON).until(() -> bombs(slave) >= 30);
            long some = bombs(slave);
            await().atMost(SOON).until(() -> bombs(slave) > some);
            assertThat(bombs(slave)).as("it goes on").isLessThan(Stuck.MOST_BOMBS);
        });
    }

    private static long bombs(SlaveProcess slave) {
        return slave.<Long, RuntimeException>invoke(() -> Stuck.bombs());
    }

    // ---- the milder rungs

    @Test
    void whatHeedsItsTokenKeepsItsSlave() {
        Task<?> running = other.thread(() -> {
            while (true) {
                cancellation().throwIfRequested();
                Thread.onSpinWait();
            }
        });
        assertThat(running.cancel(Cancel.kill(SOON))).isTrue();
        await().atMost(SOON).until(() -> running.endedBy().isPresent());
        assertThat(running.endedBy().orElseThrow()).isNotEqualTo(Cancel.Rung.KILL);
        assertThat(other.isOpen()).isTrue();
    }

    @Test
    void onlyWhoStartedAServerMayKillIt() throws Exception {
        String address = address("ladder");
        try (SlaveProcess owner = server(SlaveOptions.builder().address(address).build());
                SlaveProcess guest = client(owner.address())) {
            Task<?> stuck = guest.thread(() -> Stuck.loop());
            assertThatThrownBy(() -> stuck.cancel(KILL))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(String.valueOf(owner.pid()))
                    .hasMessageContaining("only its owner");
            assertThat(stuck.isDone()).isFalse();
            awaitBegun(owner);
            owner.invoke(() -> {
                Stuck.begun = false;
            });
            Task<?> own = owner.thread(() -> Stuck.loop());
            awaitBegun(owner); // else it is taken out of the queue
            own.cancel(KILL);
            awaitRung(own, Cancel.Rung.KILL);
            assertThatThrownBy(() -> stuck.await(SOON)).isInstanceOf(ConnectionException.class);
        }
        if (!transport.equals(
                "tcp")) { // as after any kill, a name in the file system stays until a server takes it anew
            Files.deleteIfExists(folder.resolve("ladder"));
        }
    }

    // ---- time limits

    @Test
    void theLimitGoesDownTheSameLadder() throws Exception {
        SlaveProcess slave = newSlave();
        slave.invoke(() -> Stuck.class.getName()); // so that the limit is not over before it has begun to run
        TaskOptions options = TaskOptions.builder()
                .name("the endless one")
                .limit(Duration.ofSeconds(1))
                .atLimit(KILL)
                .build();
        Task<?> stuck = slave.schedule(() -> Stuck.loop(), options);
        Task<Integer> behind = slave.schedule(() -> 1);
        Throwable late = catchThrowable(() -> stuck.await(SOON));
        assertThat(late)
                .isInstanceOf(TaskTimeoutException.class)
                .hasMessageContaining("\"the endless one\"")
                .hasMessageContaining("PT1S");
        assertThat(Arrays.toString(late.getStackTrace())).contains("theLimitGoesDownTheSameLadder");
        Throwable died = catchThrowable(() -> behind.await(SOON));
        assertThat(died)
                .isInstanceOf(SlaveDiedException.class)
                .hasMessageContaining("did not end within its limit")
                .hasMessageContaining("\"the endless one\"");
        awaitRung(stuck, Cancel.Rung.KILL);
        assertNothingIsLeft(slave, List.of());
    }

    /** Several attempts: on a machine that has much to do, the slave may take too long to tell. */
    @Test
    void theLimitOfAnInvokeTellsWhereTheFunctionWas() {
        TaskOptions options = TaskOptions.within(Duration.ofMillis(500));
        await().atMost(SOON).untilAsserted(() -> {
            Throwable late = catchThrowable(() -> other.invoke(() -> Heavy.loopUntilInterrupted(), options));
            assertThat(late)
                    .isInstanceOf(TaskTimeoutException.class)
                    .hasMessageContaining("it was running in thread main of process " + other.pid())
                    .hasMessageContaining("Heavy.loopUntilInterrupted(Heavy.java:");
            assertThat(Arrays.toString(late.getStackTrace()))
                    .contains("org.processional.it.Heavy.loopUntilInterrupted(Heavy.java:")
                    .contains("ran in process " + other.pid() + ", asked for by")
                    .contains("theLimitOfAnInvokeTellsWhereTheFunctionWas");
        });
    }

    @Test
    void callsThroughProcessesHaveWhatIsLeftOfTheTime() {
        Duration limit = Duration.ofMinutes(10);
        AtomicReference<Object> here = new AtomicReference<>();
        Duration there;
        try (Proxy<AtomicReference<Object>> proxy = export(here)) {
            there = other.invoke(
                    () -> {
                        proxy.run(object -> object.set(cancellation().timeLeft().orElseThrow()));
                        return cancellation().timeLeft().orElseThrow();
                    },
                    TaskOptions.within(limit));
        }
        assertThat((Duration) here.get()).isPositive().isLessThan(limit);
        assertThat(there).isPositive().isLessThan((Duration) here.get());
    }

    // ---- races

    @Test
    void cancelsMeetCompletionsAtAnyMoment() {
        Random random = new Random(Rounds.seed());
        int cancelled = 0;
        int rounds = Rounds.of(5_000);
        for (int round = 0; round < rounds; round++) {
            long nanos = random.nextInt(60_000);
            Task<Integer> task = other.schedule(() -> {
                long end = System.nanoTime() + nanos;
                while (System.nanoTime() - end < 0 && !cancellation().isRequested()) {
                    Thread.onSpinWait();
                }
                return 1;
            });
            long pause = System.nanoTime() + random.nextInt(120_000);
            while (System.nanoTime() - pause < 0) {
                Thread.onSpinWait();
            }
            boolean won = random.nextBoolean() ? task.cancel(random.nextBoolean()) : task.cancel(Cancel.kill(SOON));
            try {
                assertThat(task.await()).isEqualTo(1);
                assertThat(won).isFalse();
            } catch (TaskCancelledException e) {
                assertThat(won).isTrue();
                cancelled++;
            }
        }
        assertThat(other.<Boolean, RuntimeException>invoke(() ->
                        cancellation().isRequested() || Thread.currentThread().isInterrupted()))
                .isFalse();
        assertThat(other.isOpen()).as("nobody was killed").isTrue();
        assertThat(cancelled).isPositive();
    }

    @AfterEach
    void noFilesAreLeft() throws IOException {
        slaves.forEach(SlaveProcess::close);
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }
}
