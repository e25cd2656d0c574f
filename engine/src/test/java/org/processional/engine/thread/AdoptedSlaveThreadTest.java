// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.ProcessionalException;
import org.processional.SlaveClosedException;
import org.processional.SlaveThread;
import org.processional.SlaveThreadOptions;
import org.processional.Task;
import org.processional.TaskInterruptedException;
import org.processional.engine.testing.Collecting;
import org.processional.engine.testing.LogCapture;

@Timeout(60)
class AdoptedSlaveThreadTest {
    private final Threads threads = new Threads();

    private SlaveThread adopt() {
        return threads.adoptThread(SlaveThreadOptions.defaults());
    }

    @Test
    void s4_stepRunsWhatIsQueuedNow() {
        try (SlaveThread slave = adopt()) {
            List<Integer> order = new ArrayList<>();
            assertThat(slave.step()).isZero();
            Task<Integer> first = slave.schedule(() -> {
                order.add(1);
                slave.schedule(() -> order.add(3)); // for the next step
                return 1;
            });
            slave.schedule(() -> order.add(2));
            Task<Boolean> cancelled = slave.schedule(() -> order.add(0));
            cancelled.cancel();
            assertThat(slave.step()).isEqualTo(2);
            assertThat(order).containsExactly(1, 2);
            assertThat(slave.step()).isEqualTo(1);
            assertThat(order).containsExactly(1, 2, 3);
            assertThat(first.await()).isEqualTo(1);
            assertThat(slave.isCurrent()).isTrue();
        }
    }

    @Test
    void whatWouldWaitForAThreadThatHasEndedIsRefused() throws Exception {
        AtomicReference<SlaveThread> adopted = new AtomicReference<>();
        Thread owner = new Thread(() -> adopted.set(adopt()), "owner");
        owner.start();
        owner.join();
        assertThatThrownBy(() -> adopted.get().invoke(() -> 1))
                .isInstanceOf(SlaveClosedException.class)
                .hasStackTraceContaining("the adopted thread, owner, has ended");
        assertThatThrownBy(() -> adopted.get().trySchedule(() -> 1)).isInstanceOf(SlaveClosedException.class);
    }

    @Test
    void s4_stepIsForTheAdoptedThread() throws Exception {
        try (SlaveThread slave = adopt()) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread other = new Thread(() -> {
                try {
                    slave.step();
                } catch (IllegalStateException e) {
                    thrown.set(e);
                }
            });
            other.start();
            other.join();
            assertThat(thrown.get()).hasMessageContaining("adopted thread");
        }
    }

    @Test
    void abortInterruptsEachOfTheTasksThatRunWithinOneAnother() throws Exception {
        SlaveThread slave = adopt();
        CountDownLatch within = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        Task<Boolean> outer = slave.schedule(() -> {
            slave.step();
            return never.await(30, TimeUnit.SECONDS);
        });
        Task<Boolean> inner = slave.schedule(() -> {
            within.countDown();
            return never.await(30, TimeUnit.SECONDS);
        });
        Thread other = new Thread(() -> {
            try {
                within.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            slave.abort();
        });
        other.start();
        slave.step();
        other.join();
        assertThatThrownBy(inner::await).isInstanceOf(TaskInterruptedException.class);
        assertThatThrownBy(outer::await).isInstanceOf(TaskInterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void s2_invokeOnTheAdoptedThreadRunsInPlaceAndAwaitFails() {
        try (SlaveThread slave = adopt()) {
            assertThat(slave.invoke(Thread::currentThread)).isSameAs(Thread.currentThread());
            Task<Integer> task = slave.schedule(() -> 1);
            assertThatThrownBy(task::await)
                    .isInstanceOf(ProcessionalException.class)
                    .hasMessageContaining("queued behind");
            slave.step();
            assertThat(task.await()).isEqualTo(1);
        }
    }

    @Test
    void s4_loopRunsUntilTheSlaveIsClosed() throws Exception {
        SlaveThread slave = adopt();
        AtomicReference<Object> seen = new AtomicReference<>();
        Thread other = new Thread(() -> {
            seen.set(slave.invoke(Thread::currentThread));
            slave.close();
        });
        other.start();
        slave.loop();
        other.join();
        assertThat(seen.get()).isSameAs(Thread.currentThread());
        slave.loop(); // comes back at once
        assertThatThrownBy(() -> slave.invoke(() -> 1)).isInstanceOf(SlaveClosedException.class);
    }

    @Test
    void s4_closeByATaskEndsTheLoopAfterTheRest() {
        SlaveThread slave = adopt();
        slave.schedule(slave::close);
        Task<Integer> rest = slave.schedule(() -> 1);
        slave.loop();
        assertThat(rest.await()).isEqualTo(1);
    }

    @Test
    void s3_closedByATaskItInterruptsWhatIsBehindThatWhenTheCloseLimitIsOver() {
        SlaveThread slave = threads.adoptThread(
                SlaveThreadOptions.builder().closeLimit(Duration.ofMillis(50)).build());
        slave.schedule(slave::close);
        Task<?> blocked = slave.schedule(() -> new CountDownLatch(1).await());
        slave.loop();
        assertThatThrownBy(blocked::await).isInstanceOf(TaskInterruptedException.class);
    }

    @Test
    void s4_theInterruptOfATaskThatLoopsIsThereAfterTheLoop() throws Exception {
        SlaveThread slave = adopt();
        CountDownLatch looping = new CountDownLatch(1);
        AtomicBoolean flag = new AtomicBoolean();
        Task<?> outer = slave.schedule(() -> {
            slave.schedule(() -> looping.countDown());
            slave.loop();
            while (!Thread.currentThread().isInterrupted()) {
                Thread.onSpinWait(); // who stops the slave interrupts what runs a moment later
            }
            flag.set(true);
        });
        Thread stopper = new Thread(() -> {
            try {
                looping.await();
                slave.abort();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        stopper.start();
        slave.step();
        stopper.join();
        assertThat(outer.isDone()).isTrue();
        assertThat(flag).isTrue();
    }

    @Test
    void s3_closeByTheAdoptedThreadRunsTheRest() {
        SlaveThread slave = adopt();
        Task<Integer> task = slave.schedule(() -> 1);
        slave.close();
        assertThat(task.isDone()).isTrue();
        assertThat(task.await()).isEqualTo(1);
        assertThatThrownBy(() -> slave.schedule(() -> 1)).isInstanceOf(SlaveClosedException.class);
        assertThat(slave.step()).isZero();
    }

    @Test
    void s3_closeByAnotherThreadWaitsForTheStepsOfTheAdoptedOne() throws Exception {
        SlaveThread slave = adopt();
        Task<Integer> task = slave.schedule(() -> 1);
        Thread closer = new Thread(slave::close);
        closer.start();
        while (slave.isOpen()) {
            Thread.yield();
        }
        assertThat(slave.step()).isEqualTo(1);
        closer.join();
        assertThat(task.await()).isEqualTo(1);
    }

    @Test
    void s3_whatTheAdoptedThreadNeverStepsFailsWhenTheCloseLimitIsOver() throws Exception {
        SlaveThread slave = threads.adoptThread(
                SlaveThreadOptions.builder().closeLimit(Duration.ofMillis(5)).build());
        Task<Integer> task = slave.schedule(() -> 1);
        Thread closer = new Thread(slave::close);
        closer.start();
        closer.join();
        assertThatThrownBy(task::await).isInstanceOf(SlaveClosedException.class);
        assertThat(slave.step()).isZero();
    }

    @Test
    void s3_whatADeadThreadLeftFailsAtOnceOnClose() throws Exception {
        AtomicReference<SlaveThread> slave = new AtomicReference<>();
        AtomicReference<Task<Integer>> last = new AtomicReference<>();
        Thread shortLived = new Thread(() -> {
            slave.set(threads.adoptThread(
                    SlaveThreadOptions.builder().closeLimit(Duration.ofDays(1)).build()));
            last.set(slave.get().schedule(() -> 1));
        });
        shortLived.start();
        shortLived.join();
        Task<Integer> task = last.get();
        slave.get().close();
        assertThatThrownBy(task::await)
                .isInstanceOf(SlaveClosedException.class)
                .cause()
                .hasMessageContaining("has ended");
    }

    @Test
    void s4_abortEndsTheLoopAndInterruptsWhatRuns() throws Exception {
        SlaveThread slave = adopt();
        CountDownLatch begun = new CountDownLatch(1);
        Task<Object> running = slave.schedule(() -> {
            begun.countDown();
            new CountDownLatch(1).await();
            return null;
        });
        Task<Integer> pending = slave.schedule(() -> 1);
        Thread aborter = new Thread(() -> {
            try {
                begun.await();
            } catch (InterruptedException e) {
                return;
            }
            slave.abort();
        });
        aborter.start();
        slave.loop();
        aborter.join();
        assertThatThrownBy(running::await).isInstanceOf(TaskInterruptedException.class);
        assertThatThrownBy(pending::await).isInstanceOf(SlaveClosedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void aFlagOfTheThreadSurvivesAStepAndIsNotSeenByTasks() {
        try (SlaveThread slave = adopt()) {
            Task<Boolean> task = slave.schedule(() -> Thread.currentThread().isInterrupted());
            Thread.currentThread().interrupt();
            slave.step();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(task.await()).isFalse();
            slave.schedule(() -> Thread.currentThread().interrupt());
            Task<Boolean> next = slave.schedule(() -> Thread.currentThread().isInterrupted());
            slave.step();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(next.await()).isFalse();
        }
    }

    @Test
    void pendingTasksOfADroppedSlaveFailAndItIsReported() {
        try (LogCapture log = new LogCapture()) {
            Task<Integer> task = dropped();
            Collecting.until(task::isDone);
            assertThatThrownBy(task::await).isInstanceOf(SlaveClosedException.class);
            assertThat(log.text()).contains("dropped without being closed");
        }
    }

    private Task<Integer> dropped() {
        return adopt().schedule(() -> 1);
    }

    @Test
    void anAdoptedThreadIsNotKeptByAClosedSlave() throws Exception {
        AtomicReference<SlaveThread> slave = new AtomicReference<>();
        Thread thread = new Thread(() -> {
            slave.set(adopt());
            slave.get().close();
            slave.set(null);
        });
        thread.start();
        thread.join();
        WeakReference<Thread> gone = new WeakReference<>(thread);
        thread = null;
        Collecting.until(() -> gone.get() == null);
        assertThat(slave.get()).isNull();
    }
}
