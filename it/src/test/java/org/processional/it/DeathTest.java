// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static org.processional.Processional.slave;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.processional.Output;
import org.processional.SlaveClosedException;
import org.processional.SlaveDeath;
import org.processional.SlaveDeath.Reason;
import org.processional.SlaveDiedException;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;
import org.processional.Task;

/** A slave that dies says why, as far as anybody knows. */
@ParameterizedClass(name = "over {0}")
@MethodSource("allIfFull")
class DeathTest extends OverTransports {
    private static SlaveOptions.Builder quiet() {
        return SlaveOptions.builder().output(Output.DISCARD);
    }

    /** How the slave died of whom a task asks nothing more. */
    private static SlaveDiedException diedOf(Task<?> task) {
        SlaveDiedException died = catchThrowableOfType(SlaveDiedException.class, task::await);
        assertThat(died.death().uptime()).isPositive();
        assertThat(died).hasMessageContaining("(process " + died.pid() + ") died after ");
        return died;
    }

    private static void signal(SlaveProcess slave, String signal) throws Exception {
        new ProcessBuilder("kill", "-" + signal, Long.toString(slave.pid()))
                .start()
                .waitFor();
    }

    static void leave(int code) {
        System.err.println("last words");
        System.exit(code);
    }

    static void wait(String folder) throws Exception {
        java.nio.file.Files.writeString(Path.of(folder, "begun"), "");
        Thread.currentThread().join();
    }

    private void awaitBegun() {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> folder.resolve("begun").toFile().exists());
    }

    @Test
    void theExitOfATaskIsToldWithItsPlace() {
        try (SlaveProcess slave = slave(quiet().build())) {
            SlaveDiedException died = diedOf(slave.schedule(() -> leave(137))); // not to be taken for a signal
            assertThat(died.death().reason()).isEqualTo(Reason.EXITED_BY_TASK);
            assertThat(died.exitCode()).isEqualTo(137);
            assertThat(died.signal()).isNull();
            assertThat(died.errorOutput()).contains("last words");
            assertThat(died)
                    .hasMessageContaining(
                            "a task called System.exit, at org.processional.it.DeathTest.leave(DeathTest.java:")
                    .hasMessageContaining("in thread main");
            assertThat(died.death().running())
                    .singleElement()
                    .asString()
                    .matches(
                            "a lambda of org.processional.it.DeathTest, asked for by"
                                    + " org.processional.it.DeathTest.theExitOfATaskIsToldWithItsPlace\\(DeathTest.java:\\d+\\)");
            assertThat(died.getMessage())
                    .contains("it ran " + died.death().running().get(0));
        }
    }

    @Test
    void theExitOfAThreadOfATaskIsNoTasks() {
        try (SlaveProcess slave = slave(quiet().build())) {
            SlaveDiedException died = diedOf(slave.schedule(() -> {
                new Thread(() -> leave(5), "stray").start();
                Thread.currentThread().join();
            }));
            assertThat(died.death().reason()).isEqualTo(Reason.EXITED);
            assertThat(died)
                    .hasMessageContaining("somebody called System.exit, at org.processional.it.DeathTest.leave(")
                    .hasMessageContaining("in thread stray");
        }
    }

    @Test
    void aHaltIsAnExitAndNamesTheCallThatWaits() {
        try (SlaveProcess slave = slave(quiet().build())) {
            SlaveDiedException died = catchThrowableOfType(
                    SlaveDiedException.class,
                    () -> slave.invoke(() -> Runtime.getRuntime().halt(4)));
            assertThat(died.death().reason()).isEqualTo(Reason.EXITED);
            assertThat(died).hasMessageContaining("exit code 4");
            assertThat(died.signal()).isNull();
            assertThat(died.death().running())
                    .singleElement()
                    .asString()
                    .contains(
                            "DeathTest, asked for by org.processional.it.DeathTest.",
                            "aHaltIsAnExit"); // the lambda of this call
        }
    }

    @Test
    void aKillOfSomebodyElseIsToldFromOurs() throws Exception {
        String place = folder.toString();
        try (SlaveProcess slave = slave(quiet().build())) {
            Task<?> waiting = slave.schedule(() -> wait(place));
            Task<?> behind = slave.schedule(() -> leave(1));
            Task<?> beside = slave.thread(() -> Thread.currentThread().join());
            awaitBegun();
            signal(slave, "KILL");
            SlaveDeath death = diedOf(waiting).death();
            assertThat(death.reason()).isEqualTo(Reason.KILLED_BY_SYSTEM);
            assertThat(death.signal()).isEqualTo("SIGKILL");
            assertThat(death.running()).hasSize(2).allMatch(text -> text.contains("aKillOfSomebodyElse"));
            assertThat(diedOf(behind)).hasMessageContaining("which this process did not send: ");
            assertThat(diedOf(beside).death()).isEqualTo(death);
        }
    }

    @Test
    void aKillOfOursIsToldAsSuch() {
        SlaveProcess slave = slave(quiet().build());
        String place = folder.toString();
        Task<?> waiting = slave.schedule(() -> wait(place));
        awaitBegun();
        ProcessHandle handle = ProcessHandle.of(slave.pid()).orElseThrow();
        slave.terminate();
        handle.onExit().join();
        Throwable end = catchThrowable(waiting::await);
        if (end instanceof SlaveDiedException died) {
            assertThat(died.death().reason()).isEqualTo(Reason.KILLED_BY_MASTER);
            assertThat(died).hasMessageContaining("killed by this process: terminate() was called");
        } else { // this end was closed before it heard of the death
            assertThat(end)
                    .isInstanceOf(SlaveClosedException.class)
                    .hasMessageContaining("the connection to process " + slave.pid() + " was closed");
        }
    }

    @Test
    void anotherSignalIsNamed() throws Exception {
        try (SlaveProcess slave = slave(quiet().build())) {
            Task<?> waiting = slave.schedule(() -> Thread.currentThread().join());
            signal(slave, "TERM");
            SlaveDiedException died = diedOf(waiting);
            assertThat(died.death().reason()).isEqualTo(Reason.SIGNALLED);
            assertThat(died.signal()).isEqualTo("SIGTERM");
        }
    }

    @Test
    void aCrashIsToldWithItsLog() throws Exception {
        Path log = folder.resolve("crash-%p.txt");
        SlaveOptions options = quiet().flags("-XX:ErrorFile=" + log, "-XX:-CreateCoredumpOnCrash")
                .build();
        try (SlaveProcess slave = slave(options)) {
            Task<?> waiting = slave.schedule(() -> Thread.currentThread().join());
            signal(slave, "SEGV");
            SlaveDiedException died = diedOf(waiting);
            assertThat(died.death().reason()).isEqualTo(Reason.CRASHED);
            assertThat(died.crashLog())
                    .isEqualTo(folder.resolve("crash-" + slave.pid() + ".txt").toString());
            assertThat(died).hasMessageContaining("crash log: " + died.crashLog());
        }
    }

    // ---- memory

    static int eat() {
        List<byte[]> all = new ArrayList<>();
        while (true) {
            all.add(new byte[1 << 20]);
        }
    }

    @Test
    void outOfMemoryFailsTheTaskThatMetItAlone() throws IOException {
        SlaveOptions options = quiet().heap("32m").heapDump(folder).build();
        try (SlaveProcess slave = slave(options)) {
            Task<Integer> hungry = slave.schedule(() -> eat());
            Task<Integer> behind = slave.schedule(() -> 5);
            assertThatThrownBy(hungry::await)
                    .isInstanceOf(OutOfMemoryError.class)
                    .hasStackTraceContaining("DeathTest.eat(");
            assertThat(behind.await()).isEqualTo(5);
            SlaveDiedException died = diedOf(slave.schedule(() -> leave(1)));
            assertThat(died.death().heapDump())
                    .isEqualTo(
                            folder.resolve("java_pid" + slave.pid() + ".hprof").toString());
        }
    }

    @Test
    void outOfMemoryEndsTheSlaveWhereThatIsWanted() {
        SlaveOptions options = quiet().heap("32m")
                .exitOnOutOfMemory(true)
                .heapDump(folder.resolve("heap"))
                .build();
        try (SlaveProcess slave = slave(options)) {
            SlaveDiedException died = diedOf(slave.schedule(() -> eat()));
            assertThat(died.death().reason()).isEqualTo(Reason.OUT_OF_MEMORY);
            assertThat(died)
                    .hasMessageContaining("out of memory, so that the JVM ended itself (exit code 3)")
                    .hasMessageContaining("DeathTest.outOfMemoryEndsTheSlaveWhereThatIsWanted(")
                    .hasMessageContaining("heap dump: " + folder.resolve("heap"));
            assertThat(died.errorOutput()).contains("java.lang.OutOfMemoryError");
            assertThat(folder.resolve("heap")).isNotEmptyFile();
        }
    }

    @Test
    void whoExitsWithTheCodeOfThatIsNotTakenForIt() {
        SlaveOptions options = quiet().exitOnOutOfMemory(true).build();
        try (SlaveProcess slave = slave(options)) {
            assertThat(diedOf(slave.schedule(() -> leave(3))).death().reason()).isEqualTo(Reason.EXITED_BY_TASK);
        }
    }
}
