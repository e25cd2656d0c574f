// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.processional.ProcessionalException;
import org.processional.SlaveThread;
import org.processional.SlaveThreadOptions;
import org.processional.Task;
import org.processional.TaskOptions;
import org.processional.TaskTimeoutException;
import org.processional.ThreadOptions;
import org.processional.Waiting;
import org.processional.engine.testing.Rounds;

/** Threads of slaves that would wait for each other. */
@Timeout(60)
class CirclesTest {
    private final Threads threads = new Threads();
    private final SlaveThread a = slave("a");
    private final SlaveThread b = slave("b");
    private final SlaveThread c = slave("c");

    private SlaveThread slave(String name) {
        return threads.slaveThread(SlaveThreadOptions.builder().name(name).build());
    }

    @AfterEach
    void close() {
        a.close();
        b.close();
        c.close();
    }

    @Test
    void oneWaitOfACircleIsRefused() {
        assertThatThrownBy(() -> a.invoke(() -> b.invoke(() -> c.invoke(() -> a.invoke(() -> 0)))))
                .isInstanceOf(ProcessionalException.class)
                .hasMessageContaining("would be waited for here");
        assertThat(a.invoke(() -> b.invoke(() -> c.invoke(() -> 1)))).isEqualTo(1);
    }

    @Test
    void toAwaitATaskClosesACircleAsWell() {
        Task<Integer> outer =
                a.schedule(() -> b.schedule(() -> a.schedule(() -> 1).await()).await());
        assertThatThrownBy(outer::await)
                .isInstanceOf(ProcessionalException.class)
                .hasMessageContaining("would be waited for here");
    }

    @Test
    void aWaitThatEndsByItselfIsNone() {
        assertThat(a.<Integer, RuntimeException>invoke(
                        () -> { // b waits for a until its time is over
                            Task<Integer> back = b.schedule(() -> a.<Integer, RuntimeException>invoke(
                                    () -> 1,
                                    TaskOptions.builder()
                                            .limit(Duration.ofMillis(300))
                                            .build()));
                            return c.<Integer, RuntimeException>invoke(() -> 3)
                                    + (catchThrowable(back::await) instanceof TaskTimeoutException ? 4 : 0);
                        }))
                .isEqualTo(7);
    }

    @Test
    void theFirstOfSeveralMayComeThoughAnotherIsInACircle() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Thread threadOfB = b.<Thread, RuntimeException>invoke(Thread::currentThread);
        int first = a.<Integer, InterruptedException>invoke(() -> {
            Task<Integer> inCircle = b.schedule(() -> {
                asked.countDown();
                return a.<Integer, RuntimeException>invoke(() -> 1);
            });
            asked.await();
            await().until(() -> threadOfB.getState() == Thread.State.WAITING);
            Task<Integer> other = c.schedule(() -> {
                goOn.await();
                return 2;
            });
            Thread self = Thread.currentThread();
            threads.thread(ThreadOptions.defaults(), () -> {
                await().until(() -> self.getState() != Thread.State.RUNNABLE); // it waits for the first
                goOn.countDown();
                return null;
            });
            return Task.any(List.of(inCircle, other)).await();
        });
        assertThat(first).isEqualTo(2);
    }

    @Test
    void whoAwaitsThemAllIsInTheCircleOfTheLastOne() {
        assertThatThrownBy(() -> a.invoke(() -> Task.all(List.of(
                                c.schedule(() -> 1), b.schedule(() -> a.<Integer, RuntimeException>invoke(() -> 2))))
                        .await()))
                .hasStackTraceContaining("would be waited for here");
    }

    @Test
    void whoAwaitsThemAllIsInTheCircleOfAnyOfThemOnceTheOthersHaveEnded() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Thread threadOfB = b.<Thread, RuntimeException>invoke(Thread::currentThread);
        Task<List<Integer>> outer = a.schedule(() -> {
            Task<Integer> inCircle = b.schedule(() -> {
                asked.countDown();
                return a.<Integer, RuntimeException>invoke(() -> 2);
            });
            Task<Integer> other = c.schedule(() -> {
                goOn.await();
                return 1;
            });
            return Task.all(List.of(inCircle, other)).await();
        });
        asked.await();
        await().until(() -> threadOfB.getState() == Thread.State.WAITING);
        goOn.countDown();
        assertThatThrownBy(outer::await).hasStackTraceContaining("would be waited for here");
    }

    @ParameterizedTest
    @EnumSource(
            value = Waiting.class,
            names = {"SPIN", "YIELD"})
    void whoSpinsAsLongAsItTakesIsInACircleToo(Waiting waiting) {
        try (SlaveThread awake = threads.slaveThread(
                SlaveThreadOptions.builder().waiting(waiting).build())) {
            assertThatThrownBy(() -> a.invoke(() -> awake.invoke(() -> a.invoke(() -> 0))))
                    .isInstanceOf(ProcessionalException.class)
                    .hasMessageContaining("would be waited for here");
            assertThat(a.invoke(() -> awake.invoke(() -> 1))).isEqualTo(1);
        }
    }

    @Test
    void anEventLoopIsInACircleToo() throws Exception {
        LinkedBlockingQueue<Runnable> events = new LinkedBlockingQueue<>();
        AtomicBoolean over = new AtomicBoolean();
        Thread loop = new Thread(() -> {
            while (!over.get()) {
                try {
                    events.take().run();
                } catch (InterruptedException e) {
                    return;
                }
            }
        });
        loop.start();
        try (SlaveThread screen =
                threads.adoptLoop(SlaveThreadOptions.defaults(), events::add, () -> Thread.currentThread() == loop)) {
            assertThatThrownBy(() -> screen.invoke(() -> a.invoke(() -> screen.invoke(() -> 1))))
                    .isInstanceOf(ProcessionalException.class);
            assertThat(screen.invoke(() -> 2)).isEqualTo(2);
            CompletableFuture<Throwable> outside =
                    new CompletableFuture<>(); // of tasks: in an event of the loop itself
            events.add(() -> outside.complete(catchThrowable(() -> a.invoke(() -> screen.invoke(() -> 1)))));
            assertThat(outside.get()).hasStackTraceContaining("would be waited for here");
        } finally {
            over.set(true);
            loop.interrupt();
            loop.join();
        }
    }

    /** What has just ended is no wait any more, though who waited has not gone on yet: nobody is refused for that. */
    @Test
    void whoAsksBackBehindAnAnswerIsNotRefused() {
        AtomicReference<Task<Integer>> back = new AtomicReference<>();
        for (int i = 0; i < Rounds.of(20_000); i++) {
            int answer = a.<Integer, RuntimeException>invoke(() -> b.<Integer, RuntimeException>invoke(() -> {
                back.set(b.schedule(() -> a.<Integer, RuntimeException>invoke(() -> 2)));
                return 1;
            }));
            assertThat(answer + back.get().await()).isEqualTo(3);
        }
    }
}
