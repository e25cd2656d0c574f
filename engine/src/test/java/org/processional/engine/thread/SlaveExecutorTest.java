// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.ProcessionalException;
import org.processional.SlaveClosedException;
import org.processional.SlaveThread;
import org.processional.SlaveThreadOptions;
import org.processional.engine.testing.LogCapture;

@Timeout(60)
class SlaveExecutorTest {
    private final SlaveThread slave = new Threads().slaveThread(SlaveThreadOptions.defaults());
    private final ExecutorService executor = slave.executor();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    @AfterEach
    void close() {
        goOn.countDown();
        slave.close();
    }

    private Future<String> block() throws InterruptedException {
        Future<String> future = executor.submit(() -> {
            begun.countDown();
            goOn.await();
            return "done";
        });
        begun.await();
        return future;
    }

    @Test
    void whoWaitsForAnyIsToldThatTheSlaveWasStopped() throws Exception {
        Future<String> blocked = block();
        FutureTask<Integer> foreign = new FutureTask<>(() -> 1);
        executor.execute(foreign);
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread waiting = new Thread(() -> {
            try {
                List<Callable<Integer>> calls = List.of(() -> 1, () -> 2);
                executor.invokeAny(calls);
                thrown.complete(null);
            } catch (Throwable e) {
                thrown.complete(e);
            }
        });
        waiting.start();
        await().until(() -> waiting.getState() == Thread.State.WAITING);
        slave.abort();
        assertThat(thrown.get(50, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(SlaveClosedException.class);
        assertThat(foreign.isCancelled()).isTrue();
        assertThatThrownBy(blocked::get).isInstanceOf(ExecutionException.class);
    }

    @Test
    void invokeAnyOnTheSlavesOwnThreadIsRefused() {
        List<Callable<Integer>> calls = List.of(() -> 1, () -> 2);
        assertThatThrownBy(() -> slave.invoke(() -> executor.invokeAny(calls)))
                .isInstanceOf(ProcessionalException.class)
                .hasMessageContaining("queued behind what it does now");
        assertThatThrownBy(() -> slave.invoke(() -> executor.invokeAny(calls, 1, TimeUnit.DAYS)))
                .isInstanceOf(ProcessionalException.class);
    }

    @Test
    void aCommandForAThreadThatHasEndedIsRejected() throws Exception {
        CompletableFuture<SlaveThread> adopted = new CompletableFuture<>();
        Thread owner = new Thread(() -> adopted.complete(new Threads().adoptThread(SlaveThreadOptions.defaults())));
        owner.start();
        owner.join();
        try (SlaveThread orphan = adopted.get()) {
            assertThatThrownBy(() -> orphan.executor().execute(() -> {}))
                    .isInstanceOf(RejectedExecutionException.class)
                    .hasMessageContaining("is closed");
        }
    }

    @Test
    void whatShutdownNowGivesBackIsNotRejectedAsWell() throws Exception {
        try (SlaveThread small = new Threads()
                .slaveThread(SlaveThreadOptions.builder().capacity(2).build())) {
            ExecutorService view = small.executor();
            CountDownLatch running = new CountDownLatch(1);
            small.schedule(() -> {
                running.countDown();
                goOn.await();
            });
            running.await();
            view.execute(() -> {});
            view.execute(() -> {});
            CompletableFuture<Void> third = new CompletableFuture<>();
            Runnable command = () -> {};
            Thread waiting = new Thread(() -> {
                try {
                    view.execute(command); // there is no room
                    third.complete(null);
                } catch (RejectedExecutionException e) {
                    third.completeExceptionally(e);
                }
            });
            waiting.start();
            await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
            assertThat(view.shutdownNow()).hasSize(3).endsWith(command);
            third.get(30, TimeUnit.SECONDS);
            goOn.countDown();
        }
    }

    @Test
    void runsWhatIsSubmittedOnTheSlave() throws Exception {
        Thread thread = slave.invoke(Thread::currentThread);
        assertThat(executor.submit(Thread::currentThread).get()).isSameAs(thread);
        assertThat(executor.submit(() -> {}, "value").get()).isEqualTo("value");
        assertThat(CompletableFuture.supplyAsync(Thread::currentThread, executor)
                        .get())
                .isSameAs(thread);
        List<Callable<Integer>> calls = List.of(() -> 1, () -> 2, () -> 3);
        int sum = 0;
        for (Future<Integer> future : executor.invokeAll(calls)) {
            sum += future.get();
        }
        assertThat(sum).isEqualTo(6);
        assertThat(executor.invokeAny(calls)).isIn(1, 2, 3);
        assertThatThrownBy(() -> executor.submit(() -> {
                            throw new IllegalStateException("own");
                        })
                        .get())
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void shutdownEndsTheViewAlone() throws Exception {
        Future<String> running = block();
        executor.shutdown();
        assertThat(executor.isShutdown()).isTrue();
        assertThat(executor.isTerminated()).isFalse();
        assertThat(executor.awaitTermination(1, TimeUnit.MILLISECONDS)).isFalse();
        assertThatThrownBy(() -> executor.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        goOn.countDown();
        assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThat(executor.isTerminated()).isTrue();
        assertThat(running.get()).isEqualTo("done");
        assertThat(slave.invoke(() -> "alive")).isEqualTo("alive");
        assertThat(slave.executor().submit(() -> 1).get()).isEqualTo(1);
    }

    @Test
    void shutdownNowGivesBackInOrderWhatHasNotBegunAndInterruptsWhatRuns() throws Exception {
        Future<String> running = block();
        List<Integer> ran = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int number = i;
            executor.execute(() -> ran.add(number));
        }
        Future<String> submitted = executor.submit(() -> "later");
        List<Runnable> notBegun = executor.shutdownNow();
        assertThat(notBegun).hasSize(21);
        assertThatThrownBy(running::get).hasCauseInstanceOf(InterruptedException.class);
        assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        notBegun.forEach(Runnable::run);
        assertThat(ran).hasSize(20).isSorted();
        assertThat(submitted.get()).isEqualTo("later");
        assertThat(slave.invoke(() -> Thread.currentThread().isInterrupted())).isFalse();
    }

    @Test
    void submittedTasksAreCancelable() throws Exception {
        Future<String> running = block();
        AtomicInteger ran = new AtomicInteger();
        Future<Integer> queued = executor.submit(ran::incrementAndGet);
        assertThat(queued.cancel(false)).isTrue();
        assertThat(queued.isCancelled()).isTrue();
        assertThat(running.cancel(true)).isTrue();
        assertThat(slave.invoke(() -> Thread.currentThread().isInterrupted())).isFalse();
        assertThat(ran).hasValue(0);
    }

    @Test
    void failuresOfExecuteAreLogged() throws Exception {
        try (LogCapture log = new LogCapture()) {
            executor.execute(() -> {
                throw new IllegalStateException("by a command");
            });
            executor.shutdown();
            assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
            slave.invoke(() -> 1); // the hook has run before the next task
            assertThat(log.text()).contains("by a command").contains("IllegalStateException");
        }
    }

    @Test
    void aClosedSlaveRejectsAndItsPendingCommandsEnd() throws Exception {
        block();
        Future<Integer> pending = executor.submit(() -> 1);
        slave.abort();
        assertThatThrownBy(pending::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(SlaveClosedException.class);
        assertThatThrownBy(() -> executor.execute(() -> {}))
                .isInstanceOf(RejectedExecutionException.class)
                .hasCauseInstanceOf(SlaveClosedException.class);
        executor.shutdown();
        assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }
}
