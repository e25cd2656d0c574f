// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.Action;
import org.processional.SlaveThread;
import org.processional.SlaveThreadOptions;
import org.processional.Task;
import org.processional.TaskInterruptedException;
import org.processional.TaskOptions;
import org.processional.TaskTimeoutException;
import org.processional.ThreadOptions;
import org.processional.Uninterruptible;
import org.processional.engine.testing.Rounds;

@Timeout(300)
class InterruptsTest {
    private final Threads threads = new Threads();

    @Test
    void t7_aRegionHoldsBackAndItsEndDelivers() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch sent = new CountDownLatch(1);
        AtomicReference<String> seen = new AtomicReference<>();
        Task<Object> task = threads.thread(ThreadOptions.defaults(), () -> {
            try (Uninterruptible outer = threads.uninterruptible()) {
                try (Uninterruptible inner = threads.uninterruptible()) {
                    inside.countDown();
                    sent.await();
                }
                seen.set("inside " + Thread.currentThread().isInterrupted());
            }
            seen.set(seen.get() + ", after " + Thread.currentThread().isInterrupted());
            new CountDownLatch(1).await();
            return null;
        });
        inside.await();
        task.interrupt();
        sent.countDown();
        assertThatThrownBy(task::await).isInstanceOf(TaskInterruptedException.class);
        assertThat(seen).hasValue("inside false, after true");
    }

    @Test
    void t7_threadsOfProcessionalHoldBackForeignInterruptsAsWell() {
        Task<String> task = threads.thread(ThreadOptions.defaults(), () -> {
            String seen;
            try (Uninterruptible region = threads.uninterruptible()) {
                Thread.currentThread().interrupt();
                seen = "inside " + Thread.currentThread().isInterrupted();
            }
            return seen + ", after " + Thread.interrupted();
        });
        assertThat(task.await()).isEqualTo("inside false, after true");
    }

    @Test
    void t7_aFlagThatIsSetAlreadyIsTakenAndComesBack() {
        Thread.currentThread().interrupt();
        try (Uninterruptible region = threads.uninterruptible()) {
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }
        assertThat(Thread.interrupted()).isTrue();
        try (Uninterruptible region = threads.uninterruptible()) {
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void t7_interruptsByTasksAreHeldBackOnForeignThreads() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch sent = new CountDownLatch(1);
        AtomicReference<String> seen = new AtomicReference<>();
        LocalTask<Object> task = new LocalTask<>(() -> {
            try (Uninterruptible region = threads.uninterruptible()) {
                inside.countDown();
                sent.await();
            }
            seen.set("after " + Thread.currentThread().isInterrupted());
            return null;
        });
        AtomicReference<Boolean> left = new AtomicReference<>();
        Thread foreign = new Thread(() -> {
            task.run();
            left.set(Thread.currentThread().isInterrupted());
        });
        foreign.start();
        inside.await();
        task.interrupt();
        sent.countDown();
        foreign.join();
        assertThat(seen).hasValue("after true");
        assertThat(left).hasValue(false);
    }

    @Test
    void aRegionAroundATaskDoesNotKeepItsInterrupt() {
        try (Uninterruptible around = threads.uninterruptible()) {
            AtomicReference<LocalTask<Object>> self = new AtomicReference<>();
            LocalTask<Object> task = new LocalTask<>(() -> {
                self.get().interrupt();
                return null;
            });
            self.set(task);
            task.run();
        }
        assertThat(Thread.interrupted()).isFalse();
    }

    private static void awaitFlag() {
        while (!Thread.currentThread().isInterrupted()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void theInterruptOfATaskOutlivesThatOfOneWithinIt() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CompletableFuture<Boolean> flag = new CompletableFuture<>();
        TaskOptions soon = TaskOptions.builder().limit(Duration.ofMillis(100)).build();
        try (SlaveThread slave = threads.slaveThread(SlaveThreadOptions.defaults())) {
            Action<RuntimeException> both = () -> {
                inside.countDown();
                awaitFlag(); // of one of the two tasks
                Thread.interrupted();
                awaitFlag(); // of the other
            };
            Task<?> outer = slave.schedule(() -> {
                try {
                    slave.invoke(both, soon);
                } catch (TaskTimeoutException e) {
                    flag.complete(Thread.currentThread().isInterrupted());
                }
            });
            inside.await();
            outer.cancel(true);
            assertThat(flag.get(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aRegionIsClosedByItsOwnThreadAndOnce() throws Exception {
        Uninterruptible region = threads.uninterruptible();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread other = new Thread(() -> {
            try {
                region.close();
            } catch (IllegalStateException e) {
                thrown.set(e);
            }
        });
        other.start();
        other.join();
        assertThat(thrown.get()).hasMessageContaining("close it where it was opened");
        Uninterruptible second = threads.uninterruptible();
        region.close();
        region.close();
        Interrupts.deliver(Thread.currentThread());
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        second.close();
        assertThat(Thread.interrupted()).isTrue();
    }

    /** Each of the interrupts is seen outside a region, and none inside one, however they meet. */
    @Test
    void t7_openingAndClosingLosesNothing() throws Exception {
        for (boolean own : new boolean[] {true, false}) {
            AtomicInteger seen = new AtomicInteger(); // written by the worker
            AtomicInteger inside = new AtomicInteger(); // written by the worker
            AtomicInteger sent = new AtomicInteger(); // written by the sender
            int rounds = Rounds.of(200_000);
            Runnable work = () -> {
                while (seen.get() < rounds) {
                    try (Uninterruptible region = threads.uninterruptible()) {
                        inside.addAndGet(Thread.currentThread().isInterrupted() ? 1 : 0);
                    }
                    if (Thread.interrupted()) {
                        seen.incrementAndGet();
                        Thread.yield(); // where processors are few, the sender has its turn
                    }
                }
            };
            Thread worker = own ? new ProcessionalThread(work, "worker", false, false) : new Thread(work);
            worker.start();
            for (int round = 1; round <= rounds; round++) {
                sent.set(round);
                if (own && (round & 1) == 0) {
                    worker.interrupt();
                } else {
                    Interrupts.deliver(worker);
                }
                while (seen.get() != round) { // one that is lost lets this run into the time limit
                    Thread.yield();
                }
            }
            worker.join();
            assertThat(inside).hasValue(0);
            assertThat(seen).hasValue(sent.get());
        }
    }
}
