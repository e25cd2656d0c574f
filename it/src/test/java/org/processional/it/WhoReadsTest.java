// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.processional.Processional.slave;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.processional.SlaveProcess;
import org.processional.Task;

/** Who calls reads its answer; what nobody waits for is read in the background, whatever was before. */
@ParameterizedClass(name = "over {0}")
@MethodSource("allIfFull")
class WhoReadsTest extends OverTransports {
    /** Around a millisecond the background reader takes over. */
    private static final int LONGEST_PAUSE_NANOS = 2_500_000;

    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static int late(int number, int nanos) {
        if (nanos > 0) {
            LockSupport.parkNanos(nanos);
        }
        return number;
    }

    private static int pause(Random random) {
        return random.nextBoolean() ? 0 : random.nextInt(LONGEST_PAUSE_NANOS);
    }

    @Test
    void whatNobodyWaitsForIsReadBesideCallsAndPauses() {
        Random random = new Random(Rounds.seed());
        try (SlaveProcess slave = slave()) {
            for (int i = 0; i < Rounds.of(5000); i++) {
                int number = i;
                int nanos = pause(random);
                LockSupport.parkNanos(pause(random));
                Task<Integer> task = slave.schedule(() -> late(number, nanos));
                if (random.nextBoolean()) {
                    LockSupport.parkNanos(pause(random));
                    assertThat(slave.<Integer, RuntimeException>invoke(() -> number + 1))
                            .isEqualTo(number + 1);
                }
                long start = System.nanoTime();
                while (!task.isDone()) { // nobody reads here
                    assertThat(System.nanoTime() - start).as("round %d", i).isLessThan(LIMIT_NANOS);
                    Thread.onSpinWait();
                }
                assertThat(task.await()).isEqualTo(number);
            }
        }
    }
}
