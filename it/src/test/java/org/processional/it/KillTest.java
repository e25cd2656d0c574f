// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.processional.Processional.slave;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.processional.SlaveDiedException;
import org.processional.SlaveProcess;
import org.processional.Task;

/** Slaves that are killed at any moment, with frames of all sizes on their way there and back. */
@Tag("alone")
@ParameterizedClass(name = "over {0}")
@MethodSource("onOneHost")
class KillTest extends OverTransports {
    private static final Duration LONGEST = Duration.ofSeconds(1);

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

    @Test
    void whoeverWaitsHearsOfADeathWithinASecond() throws Exception {
        Random random = new Random(Rounds.seed());
        for (int round = 0; round < Rounds.of(200); round++) {
            try (SlaveProcess slave = slave()) {
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
                int done = 0;
                for (Task<Integer> task : death.tasks()) {
                    try {
                        assertThat(task.await(LONGEST)).isNotNegative();
                        done++;
                    } catch (SlaveDiedException e) {
                        assertThat(e).hasMessageContaining("SIGKILL");
                    }
                }
                Duration heard = Duration.ofNanos(death.heardNanos() - killed.get());
                assertThat(heard)
                        .as(
                                "round %d, killed after %d us, %d of %d tasks done",
                                round, delay, done, death.tasks().size())
                        .isLessThan(LONGEST);
            }
        }
    }
}
