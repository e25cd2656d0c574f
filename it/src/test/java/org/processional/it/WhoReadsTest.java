// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.processional.Processional.export;
import static org.processional.Processional.slave;

import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.processional.Proxy;
import org.processional.SlaveProcess;
import org.processional.Task;

/** Who calls reads its answer; what nobody waits for is read in the background, whatever was before. */
@ParameterizedClass(name = "over {0}")
@MethodSource("allIfFull")
class WhoReadsTest extends OverTransports {
    /** Around a millisecond the background reader takes over. */
    private static final int LONGEST_PAUSE_NANOS = 2_500_000;

    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static volatile Thread main;
    private static volatile Thread beside;

    private static boolean isParked(Thread thread) {
        return thread.getState() == Thread.State.WAITING; // who reads is in the system, or spins
    }

    private static boolean reaches(BooleanSupplier state) {
        return reaches(state, LIMIT_NANOS);
    }

    private static boolean reaches(BooleanSupplier state, long limitNanos) {
        long start = System.nanoTime();
        while (!state.getAsBoolean() && System.nanoTime() - start < limitNanos) {
            Thread.onSpinWait();
        }
        return state.getAsBoolean();
    }

    @Test
    void anIdleMainThreadSleepsWhileAnotherOneReads() {
        CountDownLatch end = new CountDownLatch(1);
        try (SlaveProcess slave = slave();
                Proxy<CountDownLatch> here = export(end)) {
            Task<?> waiting = slave.thread(() -> {
                beside = Thread.currentThread();
                here.run(CountDownLatch::await); // for the answer of this process, and reads meanwhile if it may
            });
            Task<Boolean> hopes = slave.thread(() -> reaches(() -> beside != null && isParked(beside)));
            assertThat(hopes.await()).as("the main thread reads").isTrue();
            boolean rests = false;
            for (int i = 0; i < 20 && !rests; i++) { // now and then the main thread is quicker, and reads again
                slave.invoke(() -> {
                    main = Thread.currentThread();
                    boolean unused = reaches(() -> !isParked(beside)); // while this one runs, the other one reads
                });
                rests = slave.thread(() -> reaches(() -> isParked(main), LIMIT_NANOS / 20))
                        .await();
            }
            assertThat(rests)
                    .as("who waits for nothing and does not read sleeps")
                    .isTrue();
            assertThat(slave.<Integer, RuntimeException>invoke(() -> 1))
                    .as("it is woken")
                    .isEqualTo(1);
            end.countDown();
            waiting.await();
        }
    }

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
