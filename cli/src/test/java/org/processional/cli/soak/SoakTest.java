// SPDX-License-Identifier: Apache-2.0
package org.processional.cli.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processional.Processional;
import picocli.CommandLine;

/** The soak finds nothing in a few seconds; and it finds each kind of leak that is planted. */
@Timeout(120)
class SoakTest {
    /** How long a step takes: each loses more than is allowed, so that a slow machine needs one and a fast one does not do many. */
    private static final long PACE_NANOS = 30_000_000;

    private final StringWriter out = new StringWriter();
    private final List<Object> leaked = new ArrayList<>(); // guarded by itself
    private final CountDownLatch end = new CountDownLatch(1);

    @TempDir
    Path directory;

    private int soak(List<Step> steps, String... args) {
        CommandLine line = new CommandLine(new Soak(steps));
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(out, true));
        return line.execute(args);
    }

    @AfterEach
    void giveBack() throws Exception {
        end.countDown();
        for (Object resource : leaked) {
            if (resource instanceof AutoCloseable closeable) {
                closeable.close();
            } else if (resource instanceof Process process) {
                process.destroyForcibly().waitFor();
            } else if (resource instanceof Path path) {
                Files.deleteIfExists(path);
            }
        }
    }

    /** Over all transports, and longer, under {@code -Pfull}. */
    @Test
    void aFewSecondsOfEverythingAreEven() {
        boolean full = Integer.getInteger("processional.rounds.percent", 10) == 100;
        String schemes = full ? "shm,unix,tcp" : "shm,tcp";
        int exit = soak(Step.all(), "--seconds=" + (full ? 20 : 2), "--seed=7", "--transports=" + schemes);
        assertThat(exit).as(out.toString()).isZero();
        assertThat(out.toString())
                .contains("over " + schemes.replace(",", ", ") + ", 4 workers, seed 7")
                .containsPattern("tasks +sent ([0-9]+), ended \\1\n")
                .containsPattern("files +0 left\n")
                .contains("The balance is even.");
    }

    /** Each step loses something; nothing else is done, and no process is there, so that little time is needed. */
    private Map<String, Step.Body> leaks() {
        return Map.of(
                "heap", (stage, random) -> keep(new byte[6 << 20]),
                "direct memory", (stage, random) -> keep(ByteBuffer.allocateDirect(20 << 20)),
                "descriptors", (stage, random) -> descriptors(random),
                "threads", (stage, random) -> threads(),
                "children", (stage, random) -> keep(new ProcessBuilder("/bin/sleep", "60").start()),
                "objects", (stage, random) -> keep(Processional.export("kept")),
                "segments", (stage, random) -> segments(),
                "files", (stage, random) -> keep(Files.createTempFile(stage.folder(), "left", null)),
                "tasks", (stage, random) -> stage.ledger().sent(),
                "results", (stage, random) -> wrongResult(stage));
    }

    @Test
    void whatOthersLeftBeforeIsNotCounted() throws Exception {
        Path stranger = Files.createFile(Path.of(
                System.getProperty("java.io.tmpdir"),
                "processional-" + ProcessHandle.current().pid() + "-left"));
        leaked.add(stranger);
        LeftOver leftOver = new LeftOver();
        Set<ProcessHandle> ours = Set.of(ProcessHandle.current());
        assertThat(leftOver.find(ours, directory)).isEmpty();
        Files.delete(stranger);
        Path own = Files.createFile(stranger.resolveSibling(stranger.getFileName() + "-since"));
        leaked.add(own);
        assertThat(leftOver.find(ours, directory)).containsExactly(own.toString());
    }

    private void keep(Object resource) {
        synchronized (leaked) {
            leaked.add(resource);
        }
        LockSupport.parkNanos(PACE_NANOS);
    }

    private void segments() {
        for (int i = 0; i < 160; i++) {
            synchronized (leaked) {
                leaked.add(Processional.sharedMemory(64));
            }
        }
        LockSupport.parkNanos(PACE_NANOS);
    }

    private static void wrongResult(Stage stage) {
        Burst burst = new Burst(stage.ledger(), "planted");
        burst.returning(1, () -> Processional.thread(() -> 2));
        burst.settle();
    }

    private Path file(Random random) throws IOException {
        return Files.createFile(directory.resolve("file" + random.nextLong()));
    }

    private void descriptors(Random random) throws IOException {
        Path file = file(random);
        for (int i = 0; i < 20; i++) {
            synchronized (leaked) {
                leaked.add(FileChannel.open(file, StandardOpenOption.READ));
            }
        }
        LockSupport.parkNanos(PACE_NANOS);
    }

    private void threads() {
        for (int i = 0; i < 10; i++) {
            Thread thread = new Thread(this::awaitEnd);
            thread.setDaemon(true);
            thread.start();
        }
        LockSupport.parkNanos(PACE_NANOS);
    }

    private void awaitEnd() {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "heap",
                "direct memory",
                "descriptors",
                "threads",
                "children",
                "objects",
                "segments",
                "files",
                "tasks",
                "results"
            })
    void aPlantedLeakIsNamed(String kind) throws Exception {
        Step leak = new Step("planted", 1, leaks().get(kind));
        SoakRun.Plan plan = new SoakRun.Plan(Duration.ofMillis(600), 1, List.of(), 1, Duration.ZERO);
        Balance balance = new SoakRun(plan, List.of(leak), new Silence()).run();
        assertThat(balance.holds()).isFalse();
        assertThat(balance.lines().stream().filter(line -> !line.holds()))
                .anySatisfy(
                        line -> assertThat(line.name() + " " + line.figures()).contains(kind));
    }

    @Test
    void withoutALeakTheSameIsEven() throws Exception {
        Step step = new Step("nothing lost", 1, (stage, random) -> LockSupport.parkNanos(PACE_NANOS));
        SoakRun.Plan plan = new SoakRun.Plan(Duration.ofMillis(200), 1, List.of(), 1, Duration.ofSeconds(20));
        Balance balance = new SoakRun(plan, List.of(step), new Silence()).run();
        assertThat(balance.lines())
                .allSatisfy(line -> assertThat(line.holds()).as(line.toString()).isTrue());
    }

    @Test
    void aLeakDecidesOnTheExitCode() {
        Step leak = new Step("planted", 1, leaks().get("tasks"));
        assertThat(soak(List.of(leak), "--seconds=1", "--transports=unix", "--settle=0", "--workers=1"))
                .as(out.toString())
                .isEqualTo(Soak.UNEVEN);
        assertThat(out.toString())
                .containsPattern("BAD tasks +sent [0-9]+, ended 0")
                .contains("The balance is NOT even.");
    }

    private static SoakRun.Figures figures(Ledger ledger, int seconds) {
        return new SoakRun.Figures(seconds * 1_000_000_000L, 1, 20, ledger);
    }

    @Test
    void theLiveLineTellsWhatGoesOn() {
        Ledger ledger = new Ledger();
        Soak.Live live = new Soak.Live(new PrintWriter(out), false);
        for (int second = 1; second <= 3 * Soak.TICKS_OF_LOG; second++) {
            ledger.sent();
            ledger.sent();
            ledger.ended(Outcome.RETURNED);
            live.tick(figures(ledger, second));
        }
        assertThat(out.toString().lines())
                .hasSize(3)
                .allSatisfy(line -> assertThat(line)
                        .matches("00:[123]0 [123]0 tasks \\(1/s\\), [123]0 pending, 0 slaves, 0 killed, 0 clients,"
                                + " 0 objects, heap [0-9.]+ MiB, [0-9]+ threads, 0 wrong"));
    }

    @Test
    void onATerminalTheLiveLineStaysInItsPlace() {
        Soak.Live live = new Soak.Live(new PrintWriter(out), true);
        Ledger ledger = new Ledger();
        live.tick(figures(ledger, 1));
        live.tick(figures(ledger, 2));
        assertThat(out.toString().split("\r"))
                .hasSize(3)
                .anySatisfy(line -> assertThat(line).startsWith("00:01 0 tasks (0/s), 0 pending"))
                .anySatisfy(line -> assertThat(line).startsWith("00:02 0 tasks (0/s), 0 pending"));
        assertThat(out.toString()).doesNotContain("\n");
        live.clear();
        assertThat(out.toString()).endsWith(" \r");
    }

    @Test
    void whatCannotBeSoakedIsRefused() {
        assertThat(soak(Step.all(), "--transports=pigeon")).isEqualTo(2);
        assertThat(out.toString()).contains("no transport pigeon; there are [", "tcp", "unix");
        assertThat(soak(Step.all(), "--seconds=0")).isEqualTo(2);
        assertThat(soak(Step.all(), "--workers=0")).isEqualTo(2);
    }

    /** Nobody listens. */
    private static final class Silence implements SoakRun.Listener {
        @Override
        public void tick(SoakRun.Figures figures) {}

        @Override
        public void quiet(SoakRun.Figures figures, Census census) {}
    }
}
