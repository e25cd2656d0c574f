// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.processional.Processional.slave;
import static org.processional.Processional.slaveThread;
import static org.processional.Processional.uninterruptible;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.Call;
import org.processional.Slave;
import org.processional.SlaveProcess;
import org.processional.SlaveThread;
import org.processional.Task;
import org.processional.Uninterruptible;
import org.processional.WaitInterruptedException;

/** Interrupts at random, of who schedules and waits: no task is lost, none ends twice, and they start in order. */
@Timeout(120)
class InterruptsTest {
    private static final AtomicInteger NEXT = new AtomicInteger();

    private static int next() {
        return NEXT.getAndIncrement();
    }

    private static final CountDownLatch GO = new CountDownLatch(1); // in the slave

    /** They are queued when the first one begins, so that nothing else is done between them. */
    @Test
    void whatATaskLeavesOfInterruptsIsNotForTheNextOfAProcess() {
        try (SlaveProcess slave = slave()) {
            slave.schedule(() -> GO.await());
            slave.schedule(() -> Thread.currentThread().interrupt());
            Task<Boolean> next = slave.schedule(() -> Thread.interrupted());
            Task<Uninterruptible> region = slave.schedule(() -> {
                var unused = uninterruptible(); // and not closed
                return null;
            });
            Task<?> sleeps = slave.schedule(() -> Thread.sleep(60_000));
            slave.thread(() -> GO.countDown());
            assertThat(next.await()).isFalse();
            region.await();
            await().until(() -> {
                sleeps.interrupt(); // until it has begun, and heeds it
                return sleeps.isDone();
            });
        }
    }

    @Test
    void aSlaveThreadLosesNoTask() {
        NEXT.set(0);
        try (SlaveThread slave = slaveThread()) {
            interruptAtRandom(slave);
        }
    }

    @Test
    void aSlaveProcessLosesNoTask() {
        try (SlaveProcess slave = slave()) {
            interruptAtRandom(slave);
            assertThat(slave.<Integer, RuntimeException>invoke(() -> 1)).isEqualTo(1);
        }
    }

    private static void interruptAtRandom(Slave slave) {
        Random random = new Random(Rounds.seed());
        int rounds = Rounds.of(10_000);
        List<Task<Integer>> tasks = new ArrayList<>();
        AtomicBoolean over = new AtomicBoolean();
        Thread caller = Thread.currentThread();
        Thread interrupter = new Thread(() -> {
            while (!over.get()) {
                LockSupport.parkNanos(1 + random.nextInt(200_000));
                caller.interrupt();
            }
        });
        interrupter.start();
        Call<Integer, RuntimeException> call = InterruptsTest::next;
        try {
            while (tasks.size() < rounds) {
                try {
                    tasks.add(slave.schedule(call));
                    if (tasks.size() % 50 == 0) {
                        tasks.get(tasks.size() - 1).await();
                    }
                } catch (WaitInterruptedException e) {
                    Thread.interrupted();
                }
            }
        } finally {
            over.set(true);
            boolean joined = false;
            while (!joined) {
                try {
                    interrupter.join();
                    joined = true;
                } catch (InterruptedException e) {
                    continue;
                }
            }
            Thread.interrupted();
        }
        for (int i = 0; i < rounds; i++) {
            assertThat(tasks.get(i).await()).isEqualTo(i);
        }
    }
}
