// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.processional.Processional.slave;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
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
@MethodSource("onOneHost")
class KillTest extends OverTransports {
    private static final Duration LONGEST = Duration.ofSeconds(1);
    private static final int ONE_IN_PARENTS = 10; // of the slaves has a child

    static List<String> onOneHost() {
        return Rounds.FULL ? List.of("unix", "shm") : List.of("shm");
    }

    /** What a master had scheduled when its slave was killed, and when it heard of it. */
    private record Death(List<Task<Integer>> tasks, long heardNanos) {}

    private static Death scheduleUntilItDies(SlaveProcess slave, Random random) {
        List<Task<Integer>> tasks = new ArrayList<>();
        while (true) {
            byte[] some = new byte[random.nextInt(4) == 0 ? random.nextInt(300_000) : random.nextInt(300)];
            try {
                tasks.add(slave.schedule(() -> some.length));
                if (random.nextInt(8) == 0) {
                    slave.invoke(() -> some);
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
        private final List<Long> processes = new ArrayList<>(); // slaves, and what they started

        /** Every task of a slave that died has its result, or says how the slave died. */
        void count(Death death) {
            kills++;
            for (Task<Integer> task : death.tasks()) {
                try {
                    assertThat(task.await(LONGEST)).isNotNegative();
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
            await().atMost(Duration.ofSeconds(30)).until(() -> orphans() == 0 && files() == 0);
            System.out.printf(
                    "kill balance over %s: %d tasks = %d done + %d failed; %d kills, %d hangs, %d orphans, %d left-over files%n",
                    transport, done + failed + hangs, done, failed, kills, hangs, orphans(), files());
            assertThat(hangs).isZero();
            assertThat(done + failed).isGreaterThanOrEqualTo(5 * kills);
        }

        private long orphans() {
            return processes.stream().filter(Jvm::isAlive).count();
        }

        private int files() {
            return Stream.of(folder.toFile().list()).toList().size();
        }
    }

    private SlaveProcess slaveHere(int round) {
        return slave(SlaveOptions.builder().address(address("k" + round)).build());
    }

    @Test
    void whoeverWaitsHearsOfADeathWithinASecond() throws Exception {
        Random random = new Random(Rounds.seed());
        Balance balance = new Balance();
        for (int round = 0; round < Rounds.of(200); round++) {
            try (SlaveProcess slave = slaveHere(round)) {
                balance.processes.add(slave.pid());
                if (round % ONE_IN_PARENTS == 0) {
                    balance.processes.add(slave.<Long, IOException>invoke(
                            () -> new ProcessBuilder("sleep", "1000").start().pid()));
                }
                assertThat(slave.schedule(() -> 1).await(Duration.ofSeconds(60)))
                        .isEqualTo(1);
                long delay = random.nextInt(50_000);
                AtomicLong killed = new AtomicLong();
                CompletableFuture<Void> killer = CompletableFuture.runAsync(
                        () -> {
                            killed.set(System.nanoTime());
                            ProcessHandle.of(slave.pid()).orElseThrow().destroyForcibly();
                        },
                        CompletableFuture.delayedExecutor(delay, TimeUnit.MICROSECONDS));
                Death death = scheduleUntilItDies(slave, random);
                killer.join();
                balance.count(death);
                assertThat(Duration.ofNanos(death.heardNanos() - killed.get()))
                        .as("round %d, killed after %d us", round, delay)
                        .isLessThan(LONGEST);
            }
        }
        balance.close();
    }
}
