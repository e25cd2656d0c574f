// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.ProcessionalException;
import org.processional.Task;
import org.processional.TaskCancelledException;
import org.processional.TaskFailedException;
import org.processional.TaskInterruptedException;
import org.processional.TaskTimeoutException;
import org.processional.ThreadOptions;
import org.processional.engine.task.Failure;
import org.processional.engine.testing.ChildJvm;

@Timeout(60)
class ThreadTaskTest {
    private final Threads threads = new Threads();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    /** A task that waits for {@code goOn}. */
    private Task<String> waiting() throws InterruptedException {
        Task<String> task = threads.thread(ThreadOptions.defaults(), () -> {
            begun.countDown();
            goOn.await();
            return "done";
        });
        begun.await();
        return task;
    }

    @Test
    void t1_returnsTheResultAnyNumberOfTimes() {
        Task<Integer> task = threads.thread(ThreadOptions.defaults(), () -> 7);
        assertThat(task.await()).isEqualTo(7);
        assertThat(task.await()).isEqualTo(7);
    }

    @Test
    void t1_throwsTheOwnExceptionWithItsStack() {
        Task<Object> unchecked = threads.thread(ThreadOptions.defaults(), ThreadTaskTest::fail);
        assertThatThrownBy(unchecked::await)
                .isInstanceOf(IllegalStateException.class)
                .satisfies(e -> assertThat(e.getStackTrace()[0].getMethodName()).isEqualTo("fail"));
        Task<Object> checked = threads.thread(ThreadOptions.defaults(), () -> {
            throw new IOException("own");
        });
        assertThatThrownBy(checked::await)
                .isInstanceOf(TaskFailedException.class)
                .hasCauseInstanceOf(IOException.class);
    }

    private static Object fail() {
        throw new IllegalStateException("own");
    }

    @Test
    void t2_threadsAreNamedAndEndWithTheProgramUnlessDetached() {
        ThreadOptions named = ThreadOptions.builder().name("mine").detach(true).build();
        assertThat(threads.thread(
                                named,
                                () -> Thread.currentThread().getName()
                                        + Thread.currentThread().isDaemon())
                        .await())
                .isEqualTo("minefalse");
        assertThat(threads.thread(
                                ThreadOptions.defaults(),
                                () -> Thread.currentThread().getName()
                                        + Thread.currentThread().isDaemon())
                        .await())
                .startsWith("processional-thread-")
                .endsWith("true");
    }

    @Test
    void t2_aDetachedThreadKeepsTheProgramAliveAndAnAttachedOneDoesNot() throws Exception {
        assertThat(ChildJvm.run(EndsFirst.class)).contains("detached has ended"); // and it came to its end
    }

    /** Ends while an attached and a detached thread run. */
    static final class EndsFirst {
        public static void main(String[] args) {
            CountDownLatch never = new CountDownLatch(1);
            Thread main = Thread.currentThread();
            Threads threads = new Threads();
            threads.thread(ThreadOptions.defaults(), () -> {
                never.await();
                return null;
            });
            threads.thread(ThreadOptions.builder().detach(true).build(), () -> {
                main.join();
                System.out.println("detached has ended");
                return null;
            });
        }
    }

    @Test
    void t4_aLimitThatIsOverLeavesTheTaskGoingOn() throws Exception {
        Task<String> task = waiting();
        assertThatThrownBy(() -> task.await(Duration.ofMillis(2))).isInstanceOf(TaskTimeoutException.class);
        assertThat(task.isDone()).isFalse();
        goOn.countDown();
        assertThat(task.await()).isEqualTo("done");
    }

    @Test
    void t6_anInterruptEndsTheFunctionAtItsNextInterruptiblePoint() throws Exception {
        Task<String> task = waiting();
        task.interrupt();
        assertThatThrownBy(task::await)
                .isInstanceOf(TaskInterruptedException.class)
                .hasCauseInstanceOf(InterruptedException.class);
        assertThat(task.isCancelled()).isFalse();
    }

    @Test
    void t6_aFunctionThatCaughtTheInterruptEndsAsItLikes() throws Exception {
        Task<String> task = threads.thread(ThreadOptions.defaults(), () -> {
            begun.countDown();
            try {
                goOn.await();
                return "not interrupted";
            } catch (InterruptedException e) {
                return "caught";
            }
        });
        begun.await();
        task.interrupt();
        assertThat(task.await()).isEqualTo("caught");
    }

    @Test
    void t6_eachInterruptIsDelivered() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        Task<Integer> task = threads.thread(ThreadOptions.defaults(), () -> {
            begun.countDown();
            for (int count = 0; ; ) {
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    first.countDown();
                    if (++count == 2) {
                        return count;
                    }
                }
            }
        });
        begun.await();
        task.interrupt();
        first.await();
        task.interrupt();
        assertThat(task.await()).isEqualTo(2);
    }

    @Test
    void cancelEndsTheHandleAtOnceAndInterruptsTheFunction() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Task<String> task = threads.thread(ThreadOptions.defaults(), () -> {
            begun.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                interrupted.countDown();
                end.await();
            }
            return "too late";
        });
        begun.await();
        assertThat(task.cancel()).isTrue();
        assertThat(task.cancel()).isFalse();
        assertThatThrownBy(task::await).isInstanceOf(TaskCancelledException.class);
        interrupted.await();
        end.countDown();
    }

    @Test
    void cancelWithoutInterruptEndsTheHandleOnlyAndTheNextRungInterrupts() throws Exception {
        AtomicReference<Failure> real = new AtomicReference<>();
        CountDownLatch ended = new CountDownLatch(1);
        LocalTask<Object> task =
                new LocalTask<>(() -> {
                    begun.countDown();
                    goOn.await();
                    return null;
                }) {
                    @Override
                    protected void ended(Object result, Failure failure) {
                        real.set(failure);
                        ended.countDown();
                    }
                };
        new Thread(task).start();
        begun.await();
        assertThat(task.cancel(false)).isTrue();
        assertThat(task.isCancelled()).isTrue();
        assertThat(ended.getCount()).isEqualTo(1);
        assertThat(task.cancel(true)).isFalse();
        ended.await();
        assertThat(real.get().kind()).isEqualTo(Failure.Kind.INTERRUPTED);
    }

    @Test
    void whatHasNotBegunNeverDoes() {
        for (int way = 0; way < 3; way++) {
            AtomicBoolean ran = new AtomicBoolean();
            List<String> told = new ArrayList<>();
            LocalTask<Object> task = new LocalTask<>(() -> ran.getAndSet(true)) {
                @Override
                protected void ended(Object result, Failure failure) {
                    told.add(failure.kind().name());
                }
            };
            if (way == 0) {
                assertThat(task.cancel(false)).isTrue();
            } else if (way == 1) {
                task.interrupt();
            } else {
                task.abort(Failure.thrown(new IllegalStateException("aborted")));
            }
            assertThat(task.isDone()).isTrue();
            assertThat(task.execute()).isFalse();
            assertThat(ran).isFalse();
            assertThat(told)
                    .containsExactly(
                            List.of("CANCELLED", "INTERRUPTED", "THROWN").get(way));
            assertThatThrownBy(task::await).isNotNull();
        }
    }

    @Test
    void anErrorInTheHookDoesNotKeepTheTaskFromEnding() {
        LocalTask<Object> task = new LocalTask<>(() -> 1) {
            @Override
            protected void ended(Object result, Failure failure) {
                throw new IllegalStateException("in the hook");
            }
        };
        assertThat(task.execute()).isTrue();
        assertThat(task.await()).isEqualTo(1);
    }

    @Test
    void aTaskThatWaitsForItselfFailsAtOnce() {
        AtomicReference<Task<?>> self = new AtomicReference<>();
        LocalTask<Object> task = new LocalTask<>(() -> self.get().await());
        self.set(task);
        task.run();
        assertThatThrownBy(task::await)
                .isInstanceOf(ProcessionalException.class)
                .hasMessageContaining("its own end");
    }

    @Test
    void t2_virtualThreadsRunAndAreInterruptedAsOthersOrAreRefusedBefore21() throws Exception {
        ThreadOptions virtual = ThreadOptions.builder().virtual(true).build();
        if (Runtime.version().feature() < 21) {
            assertThatThrownBy(() -> threads.thread(virtual, () -> 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("21");
            return;
        }
        assertThat(threads.thread(virtual, () -> Thread.currentThread().getName())
                        .await())
                .startsWith("processional-thread-");
        Task<Object> task = threads.thread(virtual, () -> {
            begun.countDown();
            goOn.await();
            return null;
        });
        begun.await();
        task.interrupt();
        assertThatThrownBy(task::await).isInstanceOf(TaskInterruptedException.class);
        assertThatThrownBy(() -> threads.thread(
                        ThreadOptions.builder().virtual(true).detach(true).build(), () -> 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("keep the JVM alive");
    }
}
