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
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.processional.Output;
import org.processional.Proxy;
import org.processional.ProxyException;
import org.processional.Restart;
import org.processional.SlaveClosedException;
import org.processional.SlaveDiedException;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;
import org.processional.SlaveStartException;
import org.processional.Task;
import org.processional.WaitInterruptedException;

/** A slave that dies is restarted where that is wanted. */
@Tag("alone")
@ParameterizedClass(name = "over {0}")
@MethodSource("allIfFull")
class RestartTest extends OverTransports {
    private static final Duration LONG = Duration.ofSeconds(60);

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
    void aStopThatFailsLeavesItRestarted() {
        try (SlaveProcess slave = slave(reborn(3).build())) {
            long pid = slave.pid();
            slave.schedule(() -> Thread.sleep(60_000)); // in another process; what asks it to stop waits behind that
            Thread.currentThread().interrupt();
            assertThatThrownBy(slave::stop).isInstanceOf(WaitInterruptedException.class);
            assertThat(Thread.interrupted()).isTrue();
            kill(slave);
            assertThat(begun(pid)).isNotEqualTo(pid);
            await().atMost(LONG).ignoreExceptions().until(() -> slave.invoke(() -> 7) == 7);
            assertThat(slave.status().clients()).isEqualTo(1); // it answers as the one before did
        }
    }

    @Test
    void aSlaveThatDiedIsReplacedAndItsInitialClassRunsAgain() {
        try (SlaveProcess slave = slave(reborn(3).build())) {
            long pid = slave.pid();
            String id = slave.id();
            Proxy<List<Integer>> list = slave.wrap(() -> new ArrayList<>(List.of(1, 2)));
            Task<Integer> fails = slave.schedule(() -> {
                Runtime.getRuntime().halt(9);
                return 1;
            });
            Task<Integer> behind = slave.schedule(() -> 2);
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
        try (SlaveProcess slave =
                slave(reborn(1).startLimit(Duration.ofSeconds(3)).build())) {
            Files.writeString(folder.resolve("wait"), "");
            assertThat(die(slave)).isNotNull();
            assertThatThrownBy(() -> slave.schedule(() -> 1)).isInstanceOf(SlaveStartException.class);
        }
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
    void tasksOfManyDeathsEndOnceEachWithTheirOwnResults() {
        Random random = new Random(Rounds.seed());
        int rounds = Rounds.of(30) / allIfFull().size(); // together, over all transports
        int results = 0;
        int deaths = 0;
        try (SlaveProcess slave = slave(reborn(1000).build())) {
            for (int round = 0; round < rounds; round++) {
                List<Task<Integer>> tasks = new ArrayList<>();
                CompletableFuture<Void> killer = CompletableFuture.runAsync(
                        () -> kill(slave),
                        CompletableFuture.delayedExecutor(random.nextInt(3000), TimeUnit.MICROSECONDS));
                for (int i = 0; i < 200; i++) {
                    int number = i;
                    tasks.add(slave.schedule(() -> number));
                }
                killer.join();
                for (int i = 0; i < tasks.size(); i++) {
                    try {
                        assertThat(tasks.get(i).await(LONG)).isEqualTo(i);
                        results++;
                    } catch (SlaveDiedException e) {
                        deaths++;
                    }
                }
                int last = round;
                await().atMost(LONG)
                        .ignoreException(SlaveDiedException.class)
                        .until(() -> slave.<Integer, RuntimeException>invoke(() -> last) == last);
            }
        }
        System.out.println("results " + results + ", failed by deaths " + deaths);
        assertThat(results + deaths).isEqualTo(200 * rounds);
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
