// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.processional.Processional.slave;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.processional.SlaveDiedException;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;
import org.processional.Task;
import org.processional.TaskTimeoutException;

/** Slaves that are killed at any moment, with frames of all sizes on their way there and back. */
@Tag("alone")
@ParameterizedClass(name = "over {0}")
@MethodSource("allIfFull")
class KillTest extends OverTransports {
    private static final Duration LONGEST = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(10); // where the machine has no processor for us
    private static final int ONE_IN_PARENTS = 10; // of the slaves has a child
    private static final int LEAST_TASKS = 5; // before a kill

    /** A task, and what it must come to. */
    private record Sent(Task<Integer> task, int length) {}

    /** What a master had scheduled when its slave was killed, and when it heard of it. */
    private record Death(List<Sent> tasks, long heardNanos) {}

    private static Death scheduleUntilItDies(SlaveProcess slave, Random random, CompletableFuture<?> begun) {
        List<Sent> tasks = new ArrayList<>();
        while (true) {
            if (tasks.size() == LEAST_TASKS) {
                begun.complete(null);
            }
            byte[] some = new byte[random.nextInt(4) == 0 ? random.nextInt(300_000) : random.nextInt(300)];
            random.nextBytes(some);
            try {
                tasks.add(new Sent(slave.schedule(() -> some.length), some.length));
                if (random.nextInt(8) == 0) {
                    assertThat(slave.<byte[], RuntimeException>invoke(() -> some))
                            .isEqualTo(some);
                }
            } catch (SlaveDiedException e) {
                return new Death(tasks, System.nanoTime());
            }
        }
    }

    /** What all rounds came to. */
    private final class Balance {
        private int kills;
        private int done;
        private int failed;
        private int hangs;
        private final List<ProcessHandle> processes = new ArrayList<>(); // slaves, and what they started
        private final Set<Path> before = RamDisk.files(); // left by processes whose ids may come again

        /** A process that is alive now, and must not be in the end. */
        void add(long pid) {
            processes.add(ProcessHandle.of(pid).orElseThrow());
        }

        /** Every task of a slave that died has its result, or says how the slave died. */
        void count(Death death) {
            kills++;
            for (Sent sent : death.tasks()) {
                try {
                    assertThat(sent.task().await(PATIENCE)).isEqualTo(sent.length());
                    done++;
                } catch (SlaveDiedException e) {
                    assertThat(e).hasMessageContaining("SIGKILL");
                    failed++;
                } catch (TaskTimeoutException e) {
                    hangs++;
                }
            }
        }

        /** Waits until nothing is left, and says what is. */
        void close() {
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                assertThat(orphans()).isZero();
                assertThat(files()).isEmpty();
            });
            System.out.printf(
                    "kill balance over %s: %d tasks = %d done + %d failed; %d kills, %d hangs, %d orphans, %d left-over files%n",
                    transport, done + failed + hangs, done, failed, kills, hangs, orphans(), files().size());
            assertThat(hangs).isZero();
            assertThat(done + failed).isGreaterThanOrEqualTo(LEAST_TASKS * kills);
        }

        private long orphans() {
            return processes.stream().filter(Jvm::isAlive).count();
        }

        /** Sockets in the folder of the addresses; rings and segments whose name tells that they are of a slave. */
        private Set<Path> files() {
            Set<Path> left =
                    RamDisk.files(processes.stream().map(ProcessHandle::pid).toList());
            left.removeAll(before);
            try (Stream<Path> sockets = Files.list(folder)) {
                sockets.forEach(left::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return left;
        }
    }

    private SlaveProcess slaveHere(int round) {
        return slave(SlaveOptions.builder().address(address("k" + round)).build());
    }

    @Test
    void whoeverWaitsHearsOfADeathWithinASecond() throws Exception {
        Random random = new Random(Rounds.seed());
        Balance balance = new Balance();
        int late = 0;
        for (int round = 0; round < Rounds.of(200); round++) {
            try (SlaveProcess slave = slaveHere(round)) {
                balance.add(slave.pid());
                if (round % ONE_IN_PARENTS == 0) {
                    balance.add(slave.<Long, IOException>invoke(
                            () -> new ProcessBuilder("sleep", "1000").start().pid()));
                }
                assertThat(slave.schedule(() -> 1).await(Duration.ofSeconds(60)))
                        .isEqualTo(1);
                long delay = random.nextInt(50_000);
                AtomicLong killed = new AtomicLong();
                CompletableFuture<Void> begun = new CompletableFuture<>();
                CompletableFuture<Void> killer = begun.thenRunAsync(
                        () -> {
                            killed.set(System.nanoTime());
                            ProcessHandle.of(slave.pid()).orElseThrow().destroyForcibly();
                        },
                        CompletableFuture.delayedExecutor(delay, TimeUnit.MICROSECONDS));
                Death death = scheduleUntilItDies(slave, random, begun);
                killer.join();
                balance.count(death);
                Duration heard = Duration.ofNanos(death.heardNanos() - killed.get());
                late += heard.compareTo(LONGEST) < 0 ? 0 : 1;
                assertThat(heard)
                        .as("round %d, killed after %d us", round, delay)
                        .isLessThan(PATIENCE);
            }
        }
        assertThat(late).as("rounds in which the machine had no processor").isLessThanOrEqualTo(Rounds.of(200) / 10);
        balance.close();
    }
}
