// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.processional.Action;
import org.processional.Call;
import org.processional.ProcessionalException;
import org.processional.SlaveClosedException;
import org.processional.SlaveFullException;
import org.processional.SlaveThread;
import org.processional.SlaveThreadOptions;
import org.processional.Task;
import org.processional.TaskInterruptedException;
import org.processional.WaitInterruptedException;
import org.processional.Waiting;
import org.processional.engine.testing.Collecting;
import org.processional.engine.testing.LogCapture;

@Timeout(60)
class DisruptorSlaveThreadTest {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private SlaveThread slave = start(SlaveThreadOptions.defaults());

    private static SlaveThread start(SlaveThreadOptions options) {
        return new Threads().slaveThread(options);
    }

    private void restart(SlaveThreadOptions.Builder options) {
        slave.close();
        slave = start(options.build());
    }

    @AfterEach
    void close() {
        goOn.countDown();
        slave.close();
    }

    /** Keeps the slave busy until {@code goOn}. */
    private Task<String> block() throws InterruptedException {
        Task<String> task = slave.schedule(() -> {
            begun.countDown();
            goOn.await();
            return "done";
        });
        begun.await();
        return task;
    }

    @Test
    void s1_runsTasksInOrderOneAtATimeOnOneThread() {
        List<Integer> order = new ArrayList<>(); // by the slave only
        List<Task<Thread>> tasks = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            int number = i;
            tasks.add(slave.schedule(() -> {
                order.add(number);
                return Thread.currentThread();
            }));
        }
        Thread thread = tasks.get(0).await();
        assertThat(tasks).allSatisfy(task -> assertThat(task.await()).isSameAs(thread));
        assertThat(slave.invoke(() -> List.copyOf(order))).hasSize(5000).isSorted();
        assertThat(thread.getName()).startsWith("processional-slave-");
        assertThat(thread.isDaemon()).isTrue();
        assertThat(slave.isCurrent()).isFalse();
        assertThat(slave.invoke(slave::isCurrent)).isTrue();
    }

    @Test
    void s1_nameAndDetachAreForTheThread() {
        restart(SlaveThreadOptions.builder().name("mine").detach(true));
        assertThat(slave.invoke(() -> Thread.currentThread().getName()
                        + Thread.currentThread().isDaemon()))
                .isEqualTo("minefalse");
    }

    @ParameterizedTest
    @EnumSource(Waiting.class)
    void s1_everyWayOfWaitingWorksAlsoAfterItWasIdle(Waiting waiting) {
        restart(SlaveThreadOptions.builder().waiting(waiting));
        for (int i = 0; i < 200; i++) {
            int number = i;
            assertThat(slave.invoke(() -> number)).isEqualTo(number);
            if (i % 50 == 0) {
                System.gc(); // long enough for the slave to park
            }
        }
    }

    @Test
    void s2_invokeOnTheOwnThreadRunsInPlace() {
        assertThat(slave.invoke(() -> slave.invoke(() -> slave.invoke(() -> "inner"))))
                .isEqualTo("inner");
        slave.invoke(() -> {
            slave.invoke((Action<RuntimeException>)
                    () -> assertThat(slave.isCurrent()).isTrue());
        });
    }

    @Test
    void s2_whatInvokeThrowsIsThrownExactlyWithTheFramesOfBothSides() {
        IOException own = new IOException("own");
        for (int i = 0; i < 2; i++) { // from one place, with one object
            assertThatThrownBy(() -> invokeFailing(own)).isSameAs(own);
        }
        assertThat(own.getStackTrace())
                .anySatisfy(frame -> assertThat(frame.getMethodName()).isEqualTo("thrower"))
                .anySatisfy(frame -> assertThat(frame.toString()).contains("thread processional-slave-"));
        assertThat(own.getStackTrace())
                .filteredOn(frame -> frame.toString().contains("asked for by"))
                .hasSize(1);
        assertThatThrownBy(() -> slave.invoke((Action<RuntimeException>) () -> {
                    throw new StackOverflowError("own");
                }))
                .isInstanceOf(StackOverflowError.class);
    }

    private void invokeFailing(IOException own) throws IOException {
        slave.invoke((Call<Object, IOException>) () -> thrower(own));
    }

    private static Object thrower(IOException own) throws IOException {
        own.setStackTrace(
                own.getStackTrace().length > 0 && isAppended(own)
                        ? own.getStackTrace()
                        : new Throwable().getStackTrace());
        throw own;
    }

    private static boolean isAppended(Throwable error) {
        return List.of(error.getStackTrace()).toString().contains("asked for by");
    }

    @Test
    void invokeInterruptedCancelsTheFunction() throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        AtomicReference<Boolean> flag = new AtomicReference<>();
        CountDownLatch interrupted = new CountDownLatch(1);
        Thread caller = new Thread(() -> {
            try {
                slave.invoke(() -> {
                    begun.countDown();
                    try {
                        goOn.await();
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                    }
                });
            } catch (WaitInterruptedException e) {
                thrown.set(e);
                flag.set(Thread.currentThread().isInterrupted());
            }
        });
        caller.start();
        begun.await();
        caller.interrupt();
        caller.join();
        interrupted.await();
        assertThat(thrown.get()).isInstanceOf(WaitInterruptedException.class).hasMessageContaining("cancelled");
        assertThat(flag).hasValue(true);
        assertThat(slave.invoke(() -> Thread.currentThread().isInterrupted())).isFalse();
    }

    @Test
    void toAwaitATaskBehindOneselfFailsAtOnce() {
        Task<Object> waiter = slave.schedule(() -> slave.schedule(() -> 1).await());
        assertThatThrownBy(waiter::await)
                .isInstanceOf(ProcessionalException.class)
                .hasMessageContaining("use invoke");
        assertThatThrownBy(() -> slave.invoke(() -> slave.schedule(() -> 1).await(Duration.ofDays(1))))
                .isInstanceOf(ProcessionalException.class)
                .hasMessageContaining("queued behind");
        assertThat(slave.invoke(() -> 2)).isEqualTo(2);
    }

    @Test
    void s3_closeFinishesWhatIsScheduled() throws Exception {
        Task<String> first = block();
        List<Task<Integer>> tasks = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            int number = i;
            tasks.add(slave.schedule(() -> number));
        }
        Thread closer = new Thread(slave::close);
        closer.start();
        while (slave.isOpen()) {
            Thread.yield();
        }
        assertThatThrownBy(() -> slave.schedule(() -> 1)).isInstanceOf(SlaveClosedException.class);
        assertThatThrownBy(() -> slave.trySchedule(() -> 1)).isInstanceOf(SlaveClosedException.class);
        assertThatThrownBy(() -> slave.invoke(() -> 1)).isInstanceOf(SlaveClosedException.class);
        goOn.countDown();
        closer.join();
        assertThat(first.isDone()).isTrue();
        for (int i = 0; i < 100; i++) {
            assertThat(tasks.get(i).isDone()).isTrue();
            assertThat(tasks.get(i).await()).isEqualTo(i);
        }
    }

    @Test
    void s3_drainingTasksMayInvokeInPlace() throws Exception {
        block();
        Task<String> nested = slave.schedule(() -> slave.invoke(() -> "nested"));
        Thread closer = new Thread(slave::close);
        closer.start();
        while (slave.isOpen()) {
            Thread.yield();
        }
        goOn.countDown();
        assertThat(nested.await()).isEqualTo("nested");
        closer.join();
    }

    @Test
    void s3_closeStopsWhatTakesTooLong() throws Exception {
        restart(SlaveThreadOptions.builder().closeLimit(Duration.ofMillis(10)));
        Task<String> running = block();
        Task<Integer> pending = slave.schedule(() -> 1);
        slave.close();
        assertThatThrownBy(running::await).isInstanceOf(TaskInterruptedException.class);
        assertThatThrownBy(pending::await).isInstanceOf(SlaveClosedException.class);
    }

    @Test
    void s3_abortFailsWhatHasNotBegunAndInterruptsWhatRuns() throws Exception {
        Task<String> running = block();
        Task<Integer> pending = slave.schedule(() -> 1);
        slave.abort();
        assertThatThrownBy(pending::await).isInstanceOf(SlaveClosedException.class);
        assertThatThrownBy(running::await).isInstanceOf(TaskInterruptedException.class);
        assertThatThrownBy(() -> slave.schedule(() -> 1)).isInstanceOf(SlaveClosedException.class);
        slave.abort();
        slave.close();
    }

    @Test
    void s3_closeOnTheOwnThreadDoesNotWait() throws Exception {
        block();
        Task<String> closing = slave.schedule(() -> {
            slave.close();
            return "closed";
        });
        Task<Integer> after = slave.schedule(() -> 1);
        goOn.countDown();
        assertThat(closing.await()).isEqualTo("closed");
        assertThat(after.await()).isEqualTo(1);
        slave.close();
    }

    @Test
    void s3_closeOnTheOwnThreadStopsWhatTakesTooLongAsWell() {
        restart(SlaveThreadOptions.builder().closeLimit(Duration.ofMillis(5)));
        Task<Object> running = slave.schedule(() -> {
            slave.close();
            goOn.await();
            return null;
        });
        assertThatThrownBy(running::await).isInstanceOf(TaskInterruptedException.class);
    }

    @Test
    void s3_concurrentClosesAllWaitForTheEnd() throws Exception {
        Task<String> running = block();
        AtomicReference<Throwable> wrong = new AtomicReference<>();
        List<Thread> closers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            closers.add(new Thread(() -> {
                slave.close();
                if (!running.isDone()) {
                    wrong.set(new AssertionError("close came back early"));
                }
            }));
        }
        closers.forEach(Thread::start);
        while (slave.isOpen()) {
            Thread.yield();
        }
        goOn.countDown();
        for (Thread closer : closers) {
            closer.join();
        }
        assertThat(wrong.get()).isNull();
    }

    @Test
    void s3_closeOfATaskThatHeedsNothingComesBackAndSaysSo() throws Exception {
        restart(SlaveThreadOptions.builder().closeLimit(Duration.ofMillis(1)));
        slave.schedule(() -> {
            begun.countDown();
            while (goOn.getCount() > 0) {
                Thread.yield();
            }
        });
        begun.await();
        try (LogCapture log = new LogCapture()) {
            slave.close();
            assertThat(log.text()).contains("does not heed");
        }
    }

    @Test
    void s3_closeInterruptedStopsAtOnceAndKeepsTheFlag() throws Exception {
        Task<String> running = block();
        Thread.currentThread().interrupt();
        slave.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThatThrownBy(running::await).isInstanceOf(TaskInterruptedException.class);
    }

    @Test
    void aThrowableOfATaskDoesNotEndTheSlave() {
        Thread thread = slave.invoke(Thread::currentThread);
        for (Throwable error : List.of(
                new OutOfMemoryError("own"),
                new StackOverflowError("own"),
                new Error("own") {},
                new Exception("own"))) {
            Task<Object> task = slave.schedule(() -> {
                throw sneak(error);
            });
            assertThatThrownBy(task::await)
                    .satisfiesAnyOf(
                            e -> assertThat(e).isSameAs(error),
                            e -> assertThat(e).hasCause(error));
        }
        Task<Object> deep = slave.schedule(DisruptorSlaveThreadTest::endless);
        assertThatThrownBy(deep::await).isInstanceOf(StackOverflowError.class);
        assertThat(slave.invoke(Thread::currentThread)).isSameAs(thread);
    }

    private static Object endless() {
        return List.of(endless());
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> E sneak(Throwable error) throws E {
        throw (E) error;
    }

    @Test
    void anIdleSlaveSurvivesInterrupts() {
        Thread thread = slave.invoke(Thread::currentThread);
        for (int i = 0; i < 1000; i++) {
            thread.interrupt();
            if (i % 10 == 0) {
                assertThat(slave.schedule(() -> 1).await()).isEqualTo(1);
            }
        }
        assertThat(slave.invoke(() -> Thread.currentThread())).isSameAs(thread);
    }

    @Test
    void capacityIsThatOfTheQueue() throws Exception {
        restart(SlaveThreadOptions.builder().capacity(4).roomLimit(Duration.ofMillis(5)));
        block();
        for (int i = 0; i < 4; i++) {
            assertThat(slave.trySchedule(() -> 1)).isPresent();
        }
        Optional<Task<Integer>> none = slave.trySchedule(() -> 1);
        assertThat(none).isEmpty();
        assertThatThrownBy(() -> slave.schedule(() -> 1))
                .isInstanceOf(SlaveFullException.class)
                .hasMessageContaining("roomLimit");
    }

    @Test
    void scheduleWaitsForRoom() throws Exception {
        restart(SlaveThreadOptions.builder().capacity(2));
        block();
        slave.schedule(() -> 1);
        slave.schedule(() -> 2);
        AtomicReference<Task<Integer>> third = new AtomicReference<>();
        Thread scheduler = new Thread(() -> third.set(slave.schedule(() -> 3)));
        scheduler.start();
        while (scheduler.getState() != Thread.State.TIMED_WAITING) {
            Thread.yield();
        }
        goOn.countDown();
        scheduler.join();
        assertThat(third.get().await()).isEqualTo(3);
    }

    @Test
    void whoWaitsForRoomIsWokenByInterruptAndByClose() throws Exception {
        restart(SlaveThreadOptions.builder().capacity(2));
        block();
        slave.schedule(() -> 1);
        slave.schedule(() -> 2);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> slave.schedule(() -> 3)).isInstanceOf(WaitInterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread scheduler = new Thread(() -> {
            try {
                slave.schedule(() -> 3);
            } catch (SlaveClosedException e) {
                thrown.set(e);
            }
        });
        scheduler.start();
        while (scheduler.getState() != Thread.State.TIMED_WAITING) {
            Thread.yield();
        }
        slave.abort();
        scheduler.join();
        assertThat(thrown.get()).isInstanceOf(SlaveClosedException.class);
    }

    @Test
    void theOwnThreadNeverWaitsForRoom() {
        restart(SlaveThreadOptions.builder().capacity(2));
        assertThatThrownBy(() -> slave.invoke(() -> {
                    for (int i = 0; i < 3; i++) {
                        slave.schedule(() -> 1);
                    }
                }))
                .isInstanceOf(SlaveFullException.class)
                .hasMessageContaining("its own thread");
    }

    @Test
    void cancelTakesATaskOutOfTheQueueAndDropsItsFunction() throws Exception {
        block();
        WeakReference<Object> captured = cancelled();
        Collecting.until(() -> captured.get() == null);
        assertThat(captured.get()).isNull();
    }

    private WeakReference<Object> cancelled() {
        Object big = new byte[1000];
        Task<Integer> task = slave.schedule(big::hashCode);
        assertThat(task.cancel()).isTrue();
        kept.add(task);
        return new WeakReference<>(big);
    }

    private final List<Task<?>> kept = new ArrayList<>();

    @Test
    void slotsAndHandlesDropTheirReferences() {
        List<WeakReference<Object>> captured = new ArrayList<>();
        List<WeakReference<Task<?>>> tasks = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Object big = new byte[1000];
            Task<Integer> task = slave.schedule(big::hashCode);
            task.await();
            captured.add(new WeakReference<>(big));
            if (i % 2 == 0) {
                kept.add(task); // a kept handle does not keep the function
            } else {
                tasks.add(new WeakReference<>(task));
            }
        }
        Collecting.until(() -> captured.stream().allMatch(gone -> gone.get() == null));
        Collecting.until(() -> tasks.stream().allMatch(gone -> gone.get() == null));
        assertThat(captured).allMatch(gone -> gone.get() == null);
    }

    @Test
    void aSlaveThatWasDroppedIsCleanedUpAndReported() throws Exception {
        try (LogCapture log = new LogCapture()) {
            Thread thread = dropped();
            while (thread.isAlive()) {
                System.gc();
                thread.join(10);
            }
            assertThat(log.text()).contains("left-alone").contains("dropped without being closed");
        }
    }

    private static Thread dropped() {
        SlaveThread dropped =
                start(SlaveThreadOptions.builder().name("left-alone").build());
        return dropped.invoke(Thread::currentThread);
    }

    @Test
    void aKeptTaskDoesNotKeepTheSlave() {
        WeakReference<Thread> thread = new WeakReference<>(closedThread());
        Collecting.until(() -> thread.get() == null);
        assertThat(kept).hasSize(1);
    }

    private Thread closedThread() {
        try (SlaveThread other = start(SlaveThreadOptions.defaults())) {
            kept.add(other.schedule(() -> 1));
            return other.invoke(Thread::currentThread);
        }
    }

    @Test
    void s4_stepAndLoopAreForAdoptedThreads() {
        assertThatThrownBy(slave::step)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("adoptThread");
        assertThatThrownBy(slave::loop).isInstanceOf(IllegalStateException.class);
    }
}
