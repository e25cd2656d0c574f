// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.EventQueue;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.SlaveClosedException;
import org.processional.SlaveThread;
import org.processional.SlaveThreadOptions;
import org.processional.Task;
import org.processional.TaskInterruptedException;

@Timeout(60)
class LoopSlaveThreadTest {
    static {
        System.setProperty("java.awt.headless", "true");
    }

    private final Threads threads = new Threads();

    private SlaveThread swing() {
        return threads.adoptLoop(SlaveThreadOptions.defaults(), EventQueue::invokeLater, EventQueue::isDispatchThread);
    }

    @Test
    void s4_runsOnTheEventDispatchThreadInOrder() {
        try (SlaveThread gui = swing()) {
            List<Integer> order = new ArrayList<>(); // by the loop only
            List<Task<?>> tasks = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                int number = i;
                tasks.add(gui.schedule(() -> {
                    assertThat(EventQueue.isDispatchThread()).isTrue();
                    order.add(number);
                }));
            }
            tasks.forEach(Task::await);
            assertThat(gui.invoke(() -> List.copyOf(order))).hasSize(1000).isSorted();
            assertThat(gui.invoke(() -> gui.invoke(EventQueue::isDispatchThread)))
                    .isTrue();
            assertThat(gui.isCurrent()).isFalse();
        }
    }

    @Test
    void s4_otherEventsComeBetweenTheTasks() {
        try (SlaveThread gui = swing()) {
            AtomicInteger done = new AtomicInteger();
            AtomicInteger doneAtEvent = new AtomicInteger();
            CountDownLatch goOn = new CountDownLatch(1);
            gui.schedule(() -> goOn.await());
            Task<?> last = gui.schedule(done::incrementAndGet);
            for (int i = 0; i < 900; i++) {
                last = gui.schedule(done::incrementAndGet);
            }
            EventQueue.invokeLater(() -> doneAtEvent.set(done.get()));
            goOn.countDown();
            last.await();
            assertThat(doneAtEvent.get()).isLessThan(done.get());
        }
    }

    @Test
    void s4_aTaskThatRunsTheLoopItselfDoesNotStopTheOnesBehindIt() {
        ManualLoop loop = new ManualLoop();
        SlaveThread slave = loop.adopt();
        Task<Boolean> dialog = slave.schedule(() -> {
            Task<Integer> inner = slave.schedule(() -> 1);
            loop.runAll();
            return inner.isDone();
        });
        loop.runAll();
        assertThat(dialog.await()).isTrue();
        slave.close();
        loop.runAll();
    }

    @Test
    void s3_aLoopThatATaskRunsIsQuietOnceTheSlaveIsStopped() {
        ManualLoop loop = new ManualLoop();
        SlaveThread slave = loop.adopt();
        Task<?> dialog = slave.schedule(() -> {
            slave.abort();
            loop.runAll(); // until there are no events
        });
        Task<Integer> behind = slave.schedule(() -> 1);
        loop.runAll();
        assertThat(dialog.isDone()).isTrue();
        assertThatThrownBy(behind::await).isInstanceOf(SlaveClosedException.class);
        slave.close();
    }

    @Test
    void s3_closeFinishesAndTheLoopLivesOn() throws Exception {
        SlaveThread gui = swing();
        Task<Integer> task = gui.schedule(() -> 1);
        gui.close();
        assertThat(task.isDone()).isTrue();
        assertThatThrownBy(() -> gui.schedule(() -> 1)).isInstanceOf(SlaveClosedException.class);
        CountDownLatch alive = new CountDownLatch(1);
        EventQueue.invokeLater(alive::countDown);
        alive.await();
    }

    @Test
    void s3_closeOnTheLoopDoesNotWait() {
        SlaveThread gui = swing();
        Task<?> closing = gui.schedule(gui::close);
        closing.await();
        assertThat(gui.isOpen()).isFalse();
        gui.close();
    }

    @Test
    void s3_abortInterruptsAndLeavesNoFlagInTheLoop() throws Exception {
        SlaveThread gui = swing();
        CountDownLatch begun = new CountDownLatch(1);
        Task<Object> running = gui.schedule(() -> {
            begun.countDown();
            new CountDownLatch(1).await();
            return null;
        });
        Task<Integer> pending = gui.schedule(() -> 1);
        begun.await();
        gui.abort();
        gui.close();
        assertThatThrownBy(running::await).isInstanceOf(TaskInterruptedException.class);
        assertThatThrownBy(pending::await).isInstanceOf(SlaveClosedException.class);
        AtomicBoolean flag = new AtomicBoolean(true);
        EventQueue.invokeAndWait(() -> flag.set(Thread.currentThread().isInterrupted()));
        assertThat(flag).isFalse();
    }

    @Test
    void s3_tasksOfALoopThatRejectsFailWithTheCause() {
        ManualLoop loop = new ManualLoop();
        SlaveThread slave = loop.adopt();
        loop.rejecting = true;
        Task<Integer> task = slave.schedule(() -> 1);
        assertThatThrownBy(task::await)
                .isInstanceOf(SlaveClosedException.class)
                .hasCauseInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> slave.schedule(() -> 1))
                .isInstanceOf(SlaveClosedException.class)
                .hasCauseInstanceOf(RejectedExecutionException.class);
        slave.close();
    }

    @Test
    void s3_tasksOfALoopThatNeverRunsFailWhenTheCloseLimitIsOver() throws Exception {
        ManualLoop loop = new ManualLoop();
        SlaveThread slave = loop.adopt();
        Task<Integer> task = slave.schedule(() -> 1);
        Thread closer = new Thread(slave::close);
        closer.start();
        closer.join();
        assertThatThrownBy(task::await).isInstanceOf(SlaveClosedException.class);
        loop.runAll();
    }

    @Test
    void s4_stepIsForTheLoopAndLoopForNobody() {
        ManualLoop loop = new ManualLoop();
        SlaveThread slave = loop.adopt();
        slave.schedule(() -> 1);
        assertThat(slave.step()).isEqualTo(1);
        assertThatThrownBy(slave::loop).isInstanceOf(IllegalStateException.class);
        slave.close();
        loop.runAll();
        try (SlaveThread gui = swing()) {
            assertThatThrownBy(gui::step).isInstanceOf(IllegalStateException.class);
        }
    }

    /** A loop that runs when the thread that made it says so. */
    private static final class ManualLoop {
        private final Thread thread = Thread.currentThread();
        private final Queue<Runnable> events = new ArrayDeque<>(); // guarded by itself
        private boolean rejecting; // by the test

        SlaveThread adopt() {
            return new Threads()
                    .adoptLoop(
                            SlaveThreadOptions.builder()
                                    .closeLimit(Duration.ofMillis(5))
                                    .build(),
                            this::add,
                            () -> Thread.currentThread() == thread);
        }

        private void add(Runnable event) {
            if (rejecting) {
                throw new RejectedExecutionException("the loop is over");
            }
            synchronized (events) {
                events.add(event);
            }
        }

        void runAll() {
            for (Runnable event = poll(); event != null; event = poll()) {
                event.run();
            }
        }

        private Runnable poll() {
            synchronized (events) {
                return events.poll();
            }
        }
    }
}
