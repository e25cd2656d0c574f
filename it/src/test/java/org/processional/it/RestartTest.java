// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.processional.Output;
import org.processional.ProcessionalException;
import org.processional.Proxy;
import org.processional.ProxyException;
import org.processional.Restart;
import org.processional.SlaveClosedException;
import org.processional.SlaveDiedException;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;
import org.processional.SlaveStartException;
import org.processional.Task;

/** A slave that dies is restarted where that is wanted. */
@Tag("alone")
@ParameterizedClass(name = "over {0}")
@MethodSource("allIfFull")
class RestartTest extends OverTransports {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int SOME = 100; // tasks

    private SlaveOptions.Builder reborn(int times) {
        return MasterOfTheReborn.options(folder, times).output(Output.DISCARD);
    }

    private static void kill(SlaveProcess slave) {
        ProcessHandle.of(slave.pid()).ifPresent(ProcessHandle::destroyForcibly);
    }

    private static SlaveDiedException die(SlaveProcess slave) {
        return catchThrowableOfType(
                SlaveDiedException.class,
                () -> slave.invoke(() -> Runtime.getRuntime().halt(9)));
    }

    /** The process that runs the initial class now, other than one. */
    private long begun(long other) {
        Path file = folder.resolve("begun");
        await().atMost(LONG).until(() -> Long.parseLong(Files.readString(file)) != other);
        try {
            return Long.parseLong(Files.readString(file));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whoDiesWhileItIsToldToStopStaysDead() throws Exception {
        try (SlaveProcess slave = slave(reborn(3).build())) {
            long pid = slave.pid();
            SilenceTest.stop(pid); // it answers nothing more
            CompletableFuture<Void> stops = new CompletableFuture<>();
            Thread stopping = new Thread(() -> {
                try {
                    slave.stop();
                    stops.complete(null);
                } catch (RuntimeException e) {
                    stops.completeExceptionally(e);
                }
            });
            stopping.start();
            await().atMost(LONG).until(() -> waitsForAnswer(stopping));
            kill(slave);
            assertThatThrownBy(() -> stops.get(60, TimeUnit.SECONDS)).hasCauseInstanceOf(SlaveDiedException.class);
            assertThatThrownBy(() -> slave.invoke(() -> 7)).isInstanceOf(ProcessionalException.class);
            assertThat(slave.pid()).isEqualTo(pid);
        }
    }

    private static boolean waitsForAnswer(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("forAnswer"));
    }

    @Test
    void aStopThatIsInterruptedTakesEffect() {
        try (SlaveProcess slave = slave(reborn(3).build())) {
            long pid = slave.pid();
            Thread.currentThread().interrupt();
            slave.stop();
            assertThat(Thread.interrupted()).isTrue();
            await().atMost(LONG).until(() -> !Jvm.isAlive(pid));
            assertThatThrownBy(() -> slave.invoke(() -> 7)).isInstanceOf(ProcessionalException.class);
            assertThat(slave.pid()).isEqualTo(pid);
        }
    }

    @Test
    void aSlaveThatDiedIsReplacedAndItsInitialClassRunsAgain() throws IOException {
        try (SlaveProcess slave = slave(reborn(3).build())) {
            long pid = slave.pid();
            String id = slave.id();
            Proxy<List<Integer>> list = slave.wrap(() -> new ArrayList<>(List.of(1, 2)));
            FileGate gate = FileGate.in(folder, "gate"); // what is scheduled after the death goes to the next process
            slave.schedule(() -> gate.pass());
            Task<Integer> fails = slave.schedule(() -> {
                Runtime.getRuntime().halt(9);
                return 1;
            });
            Task<Integer> behind = slave.schedule(() -> 2);
            gate.open();
            assertThatThrownBy(() -> fails.await(LONG))
                    .isInstanceOf(SlaveDiedException.class)
                    .hasMessageContaining("another process takes its place");
            assertThatThrownBy(() -> behind.await(LONG)).isInstanceOf(SlaveDiedException.class);
            assertThat(slave.schedule(() -> Reborn.wasHere).await(LONG)).isTrue();
            assertThat(slave.pid()).isNotEqualTo(pid);
            assertThat(slave.id()).isNotEqualTo(id);
            assertThat(slave.<Long, RuntimeException>invoke(
                            () -> ProcessHandle.current().pid()))
                    .isEqualTo(slave.pid());
            assertThat(slave.isOpen()).isTrue();
            assertThat(slave.status().clients()).isEqualTo(1); // it answers as the one before did
            assertThat(slave.exitCode()).isEmpty();
            assertThatThrownBy(() -> list.call(all -> all.size()))
                    .as("of the process that died")
                    .isInstanceOf(SlaveDiedException.class)
                    .hasMessageContaining("process " + pid)
                    .hasMessageContaining("without the objects that lived in it");
            assertThatThrownBy(() -> slave.invoke(() -> list.get().size())).isInstanceOf(ProxyException.class);
            assertThat(slave.<Integer>wrap(() -> 7).get()).isEqualTo(7);
        }
    }

    @Test
    void afterSoManyTimesItStaysDeadAndSaysSo() {
        SlaveProcess slave = slave(reborn(1).build());
        try (slave) {
            assertThat(die(slave)).hasMessageContaining("another process takes its place");
            assertThat(slave.<Integer, RuntimeException>invoke(() -> 1)).isEqualTo(1);
            String refusal = "it is not restarted again: the option restart is at most 1 time within PT1H";
            assertThat(die(slave)).hasMessageContaining(refusal);
            assertThatThrownBy(() -> slave.schedule(() -> 1))
                    .isInstanceOf(SlaveDiedException.class)
                    .hasMessageContaining(refusal);
            assertThat(slave.isOpen()).isFalse();
            assertThat(slave.exitCode()).contains(9);
        }
        assertThatThrownBy(() -> slave.schedule(() -> 1)).isInstanceOf(SlaveClosedException.class);
    }

    @Test
    void restartsThatAreLongAgoDoNotCount() {
        SlaveOptions options =
                reborn(1).restart(Restart.atMost(1, Duration.ofNanos(1))).build();
        try (SlaveProcess slave = slave(options)) {
            for (int i = 0; i < 3; i++) {
                assertThat(die(slave)).hasMessageContaining("another process takes its place");
                assertThat(slave.<Integer, RuntimeException>invoke(() -> 1)).isEqualTo(1);
            }
        }
    }

    @Test
    void aStartThatFailsCountsLikeADeath() throws IOException {
        try (SlaveProcess slave = slave(reborn(2).build())) {
            Files.writeString(folder.resolve("fail"), "");
            assertThat(die(slave)).hasMessageContaining("another process takes its place");
            assertThatThrownBy(() -> slave.schedule(() -> 1))
                    .isInstanceOf(SlaveStartException.class)
                    .hasMessageContaining("reborn died, and was not restarted; it is not restarted again")
                    .hasMessageContaining("told to fail");
            assertThat(slave.isOpen()).isFalse();
        }
    }

    @Test
    void whatIsScheduledMeanwhileWaits() throws Exception {
        try (SlaveProcess slave = slave(reborn(3).build())) {
            long pid = slave.pid();
            Files.writeString(folder.resolve("wait"), "");
            assertThat(die(slave)).isNotNull();
            begun(pid);
            assertThat(slave.trySchedule(() -> 1)).isEmpty();
            CompletableFuture<Integer> waits =
                    CompletableFuture.supplyAsync(() -> slave.schedule(() -> 3).await(LONG));
            await().during(Duration.ofMillis(200)).until(() -> !waits.isDone());
            Files.delete(folder.resolve("wait"));
            assertThat(waits.get(60, TimeUnit.SECONDS)).isEqualTo(3);
        }
    }

    @Test
    void itWaitsForTheStartLimitAndNoLonger() throws Exception {
        Duration limit = Duration.ofSeconds(3);
        SlaveOptions options = reborn(100).startLimit(limit).build(); // the starts go on when the wait is over
        try (SlaveProcess slave = started(options)) {
            Files.writeString(folder.resolve("wait"), "");
            assertThat(die(slave)).isNotNull();
            long start = System.nanoTime();
            assertThatThrownBy(() -> slave.schedule(() -> 1))
                    .isInstanceOf(SlaveStartException.class)
                    .hasMessageContaining("was not ready within PT3S");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(limit, limit.multipliedBy(6));
        }
    }

    /** One that has started within its limit: on a machine that has much to do, that may take several attempts. */
    private static SlaveProcess started(SlaveOptions options) {
        AtomicReference<SlaveProcess> started = new AtomicReference<>();
        await().atMost(LONG).ignoreException(SlaveStartException.class).until(() -> {
            started.set(slave(options));
            return true;
        });
        return started.get();
    }

    @Test
    void closingDuringARestartLeavesNothing() throws Exception {
        for (boolean kill : List.of(true, false)) {
            SlaveProcess slave = slave(reborn(3).build());
            long pid = slave.pid();
            Files.writeString(folder.resolve("wait"), "");
            assertThat(die(slave)).isNotNull();
            long next = begun(pid);
            CompletableFuture<Task<Integer>> waits = CompletableFuture.supplyAsync(() -> slave.schedule(() -> 1));
            if (kill) {
                slave.terminate();
            } else {
                slave.close();
            }
            await().atMost(LONG).until(() -> !Jvm.isAlive(next));
            assertThatThrownBy(() -> waits.get(60, TimeUnit.SECONDS)).hasCauseInstanceOf(SlaveClosedException.class);
            assertThat(slave.isOpen()).isFalse();
            Files.delete(folder.resolve("wait"));
        }
    }

    @Test
    void whoIsToldToStopIsNotRestarted() {
        try (SlaveProcess slave = slave(reborn(3).build())) {
            long pid = slave.pid();
            slave.stop();
            await().atMost(LONG).until(() -> !slave.isOpen());
            assertThat(slave.pid()).isEqualTo(pid);
            assertThatThrownBy(() -> slave.schedule(() -> 1)).isInstanceOf(SlaveClosedException.class);
        }
    }

    @Test
    void whatCannotBeRestartedIsRefused() {
        Restart restart = Restart.atMost(1, Duration.ofSeconds(1));
        assertThatThrownBy(() -> server(SlaveOptions.builder().restart(restart).build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("only slaves are restarted");
        assertThatThrownBy(() ->
                        SlaveOptions.builder().restart(restart).detach(true).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("detached");
        assertThatThrownBy(() -> Restart.atMost(0, Duration.ofSeconds(1))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Restart.atMost(1, Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tasksOfManyDeathsEndOnceEachWithTheirOwnResults() throws IOException {
        Random random = new Random(Rounds.seed());
        int rounds = Rounds.of(30) / allIfFull().size(); // together, over all transports
        int deaths = 0;
        try (SlaveProcess slave = slave(reborn(1000).build())) {
            for (int round = 0; round < rounds; round++) {
                long pid = slave.pid();
                FileGate gate = FileGate.in(folder, "gate" + round);
                deaths += round % 3 == 0 ? dieBefore(slave, gate, random) : dieBehind(slave, gate, random);
                await().atMost(LONG).until(() -> slave.pid() != pid);
                int last = round;
                assertThat(slave.<Integer, RuntimeException>invoke(() -> last)).isEqualTo(last);
            }
        }
        System.out.println("failed by deaths: " + deaths + " of " + 2 * SOME * rounds);
        assertThat(deaths).isGreaterThanOrEqualTo(SOME);
    }

    /** Kills a slave whose queue stands still; the number of tasks that failed by that. */
    private static int dieBefore(SlaveProcess slave, FileGate gate, Random random) {
        Task<?> closed = slave.schedule(() -> gate.pass());
        List<Task<Integer>> tasks = new ArrayList<>();
        schedule(slave, tasks);
        CompletableFuture<Void> killer = killSoon(slave, random);
        schedule(slave, tasks);
        killer.join();
        assertThatThrownBy(() -> closed.await(LONG)).isInstanceOf(SlaveDiedException.class);
        return deathsOf(tasks);
    }

    /** The same, of one that works. */
    private static int dieBehind(SlaveProcess slave, FileGate gate, Random random) throws IOException {
        slave.schedule(() -> gate.pass());
        List<Task<Integer>> tasks = new ArrayList<>();
        schedule(slave, tasks);
        gate.open();
        assertThat(tasks.get(0).await(LONG)).isZero();
        CompletableFuture<Void> killer = killSoon(slave, random);
        schedule(slave, tasks);
        killer.join();
        return deathsOf(tasks);
    }

    private static CompletableFuture<Void> killSoon(SlaveProcess slave, Random random) {
        Executor soon = CompletableFuture.delayedExecutor(random.nextInt(3000), TimeUnit.MICROSECONDS);
        return CompletableFuture.runAsync(() -> kill(slave), soon);
    }

    /** Tasks with their numbers. */
    private static void schedule(SlaveProcess slave, List<Task<Integer>> tasks) {
        for (int i = 0; i < SOME; i++) {
            int number = tasks.size();
            tasks.add(slave.schedule(() -> number));
        }
    }

    /** Awaits tasks, which end by a death or with their numbers. */
    private static int deathsOf(List<Task<Integer>> tasks) {
        int deaths = 0;
        for (int i = 0; i < tasks.size(); i++) {
            try {
                assertThat(tasks.get(i).await(LONG)).isEqualTo(i);
            } catch (SlaveDiedException e) {
                deaths++;
            }
        }
        return deaths;
    }

    /** Processes with a mark in their environment. */
    private static List<Long> marked(String mark) {
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> Jvm.isAlive(pid) && hasMark(pid, mark))
                .toList();
    }

    private static boolean hasMark(long pid, String mark) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/environ"), java.nio.charset.StandardCharsets.ISO_8859_1)
                    .contains(mark);
        } catch (IOException e) {
            return false; // gone, or not ours
        }
    }

    @Test
    void aMasterThatIsKilledDuringARestartLeavesNothing() throws Exception {
        Random random = new Random(Rounds.seed());
        int rounds = Rounds.of(21) / allIfFull().size(); // together, over all transports
        for (int round = 0; round < rounds; round++) {
            String mark = "PROCESSIONAL_MARK=" + ProcessHandle.current().pid() + "-" + System.nanoTime();
            try (Jvm master = new Jvm(List.of(), List.of(mark), MasterOfTheReborn.class, folder.toString())) {
                assertThat(master.readLine()).isEqualTo("1");
                assertThat(marked(mark)).isNotEmpty();
                TimeUnit.MILLISECONDS.sleep(random.nextInt(1000)); // at any moment
                master.process().destroyForcibly().waitFor();
            }
            await().atMost(LONG).until(() -> marked(mark).isEmpty());
        }
    }
}
