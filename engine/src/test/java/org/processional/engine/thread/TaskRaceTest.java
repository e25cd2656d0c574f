// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.thread;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.SlaveClosedException;
import org.processional.SlaveThread;
import org.processional.SlaveThreadOptions;
import org.processional.Task;
import org.processional.TaskCancelledException;
import org.processional.TaskFailedException;
import org.processional.TaskInterruptedException;
import org.processional.Waiting;
import org.processional.engine.task.Failure;
import org.processional.engine.testing.Rounds;

/** Seeded repetition; a failure names the seed, for {@code -Dprocessional.seed}. */
@Timeout(300)
class TaskRaceTest {
    private final Threads threads = new Threads();
    private final Random random = new Random(Rounds.SEED);

    /** Reports how the handle of a task ended, in a word. */
    private static String end(Task<Integer> task, int expected) {
        try {
            assertThat(task.await()).isEqualTo(expected);
            return "result";
        } catch (TaskCancelledException e) {
            return "cancelled";
        } catch (TaskInterruptedException e) {
            return "interrupted";
        } catch (SlaveClosedException e) {
            return "closed";
        }
    }

    @Test
    void tasksEndOnceAndInOrderWhileOthersInterruptAtRandom() throws Exception {
        int count = Rounds.of(100_000);
        List<Integer> order = new ArrayList<>(); // by the slave only
        ConcurrentLinkedQueue<Task<Integer>> recent = new ConcurrentLinkedQueue<>();
        AtomicBoolean over = new AtomicBoolean();
        long seed = random.nextLong();
        try (SlaveThread slave =
                threads.slaveThread(SlaveThreadOptions.builder().capacity(64).build())) {
            Thread worker = slave.invoke(Thread::currentThread);
            Thread troubler = new Thread(() -> trouble(new Random(seed), worker, recent, over));
            troubler.start();
            List<Task<Integer>> tasks = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = i;
                Task<Integer> task = slave.schedule(() -> {
                    order.add(number);
                    if (number % 64 == 0) {
                        Thread.sleep(0, 1); // an interruptible point
                    }
                    return number;
                });
                tasks.add(task);
                recent.add(task);
            }
            for (int i = 0; i < count; i++) {
                try {
                    assertThat(end(tasks.get(i), i)).isIn("result", "cancelled", "interrupted");
                } catch (TaskFailedException e) { // by Thread.interrupt, at the interruptible point
                    assertThat(e).hasCauseInstanceOf(InterruptedException.class);
                }
            }
            over.set(true);
            troubler.join();
            assertThat(slave.invoke(Thread::currentThread)).isSameAs(worker);
            assertThat(slave.invoke(() -> List.copyOf(order)))
                    .as("seed %s", Rounds.SEED)
                    .isSorted()
                    .doesNotHaveDuplicates();
        }
    }

    private static void trouble(
            Random random, Thread worker, ConcurrentLinkedQueue<Task<Integer>> recent, AtomicBoolean over) {
        while (!over.get()) {
            Task<Integer> task = recent.poll();
            switch (random.nextInt(8)) {
                case 0 -> worker.interrupt();
                case 1 -> {
                    if (task != null) {
                        task.interrupt();
                    }
                }
                case 2 -> {
                    if (task != null) {
                        task.cancel(random.nextBoolean());
                    }
                }
                default -> Thread.yield();
            }
        }
    }

    /** Only the interrupts of tasks here: none may be seen by a task that was not meant. */
    @Test
    void t6_anInterruptNeverReachesTheNextTask() throws Exception {
        int rounds = Rounds.of(100_000);
        AtomicInteger leaked = new AtomicInteger();
        AtomicReference<LocalTask<Integer>> target = new AtomicReference<>();
        AtomicBoolean over = new AtomicBoolean();
        Thread troubler = new Thread(() -> {
            while (!over.get()) {
                LocalTask<Integer> task = target.getAndSet(null);
                if (task != null) {
                    task.interrupt();
                }
            }
        });
        troubler.start();
        int delivered = 0;
        for (int i = 0; i < rounds; i++) {
            int spins = random.nextInt(60);
            boolean certain = i % 100 == 0; // asks for the interrupt itself, and waits for it
            AtomicReference<LocalTask<Integer>> self = new AtomicReference<>();
            LocalTask<Integer> task = new LocalTask<>(() -> {
                if (certain) {
                    target.set(self.get());
                }
                boolean seen = false;
                for (int spin = 0; spin < spins || certain && !seen; spin++) {
                    seen |= Thread.currentThread().isInterrupted();
                }
                return seen ? 1 : 0;
            });
            self.set(task);
            if (!certain) {
                target.set(task);
            }
            task.run();
            LocalTask<Boolean> next =
                    new LocalTask<>(() -> Thread.currentThread().isInterrupted());
            next.run();
            leaked.addAndGet(next.await() ? 1 : 0);
            delivered += end(task);
        }
        over.set(true);
        troubler.join();
        assertThat(leaked).as("seed %s", Rounds.SEED).hasValue(0);
        assertThat(delivered).isGreaterThanOrEqualTo(rounds / 100);
    }

    private static int end(LocalTask<Integer> task) {
        try {
            return task.await();
        } catch (TaskInterruptedException e) { // before it began
            return 0;
        }
    }

    @Test
    void runCancelAndAbortMeetAndTheTaskEndsOnceAndIsToldOnce() throws Exception {
        int rounds = Rounds.of(50_000);
        CyclicBarrier start = new CyclicBarrier(3);
        AtomicReference<LocalTask<Integer>> shared = new AtomicReference<>();
        List<Thread> parties = new ArrayList<>();
        List<Callable<?>> moves =
                List.of(() -> shared.get().execute(), () -> shared.get().cancel(true), () -> {
                    shared.get().abort(Failure.thrown(new SlaveClosedException("aborted")));
                    return null;
                });
        AtomicInteger ran = new AtomicInteger();
        AtomicInteger told = new AtomicInteger();
        AtomicReference<Throwable> wrong = new AtomicReference<>();
        Runnable next = () -> shared.set(new LocalTask<>(ran::incrementAndGet) {
            @Override
            protected void ended(Object result, Failure failure) {
                told.incrementAndGet();
                if (failure != null) {
                    failure.see();
                }
            }
        });
        for (Callable<?> move : moves) {
            parties.add(new Thread(() -> {
                try {
                    for (int round = 0; round < rounds; round++) {
                        if (start.await() == 0) {
                            next.run();
                        }
                        start.await();
                        move.call();
                        start.await();
                        LocalTask<Integer> task = shared.get();
                        if (!task.isDone() || told.get() != round + 1) {
                            throw new AssertionError("round " + round + ": done " + task.isDone() + ", told " + told);
                        }
                        start.await();
                    }
                } catch (Throwable e) {
                    wrong.compareAndSet(null, e);
                    start.reset();
                }
            }));
        }
        parties.forEach(Thread::start);
        for (Thread party : parties) {
            party.join();
        }
        assertThat(wrong.get()).isNull();
        assertThat(told).hasValue(rounds);
    }

    @Test
    void s3_whateverCloseAndAbortMeetEveryTaskEnds() throws Exception {
        for (int round = 0; round < Rounds.of(2000); round++) {
            SlaveThread slave = threads.slaveThread(
                    SlaveThreadOptions.builder().capacity(16).build());
            List<Task<Integer>> tasks = new ArrayList<>();
            Thread scheduler = new Thread(() -> {
                try {
                    while (true) {
                        tasks.add(slave.schedule(() -> 1));
                    }
                } catch (SlaveClosedException e) {
                    tasks.add(null);
                }
            });
            scheduler.start();
            for (int spin = random.nextInt(2000); spin > 0; spin--) {
                Thread.yield();
            }
            if (random.nextBoolean()) {
                slave.abort();
            }
            slave.close();
            scheduler.join();
            for (Task<Integer> task : tasks.subList(0, tasks.size() - 1)) {
                assertThat(end(task, 1)).as("seed %s", Rounds.SEED).isIn("result", "closed");
            }
        }
    }

    /** Many threads and a slave that is often idle: a wake-up that is lost lets this run into the time limit. */
    @Test
    void noWakeUpIsLost() throws Exception {
        int rounds = Rounds.of(50_000);
        try (SlaveThread slave = threads.slaveThread(
                SlaveThreadOptions.builder().waiting(Waiting.PARK).build())) {
            List<Thread> callers = new ArrayList<>();
            AtomicInteger count = new AtomicInteger();
            for (int i = 0; i < 3; i++) {
                callers.add(new Thread(() -> {
                    for (int round = 0; round < rounds; round++) {
                        slave.invoke(() -> count.setPlain(count.getPlain() + 1));
                    }
                }));
            }
            callers.forEach(Thread::start);
            for (Thread caller : callers) {
                caller.join();
            }
            assertThat(count).hasValue(3 * rounds);
        }
    }
}
