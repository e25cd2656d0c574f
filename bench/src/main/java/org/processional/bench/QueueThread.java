// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The floor of {@code thread.schedule}: an array queue, a thread that takes small tasks from it, spins and parks while it is
 * empty, and a task that its caller awaits, spinning, then parking.
 *
 * <p><b>Threads:</b> {@code schedule} from any thread; a task is awaited by one thread at a time.
 */
final class QueueThread implements AutoCloseable {
    private static final int CAPACITY = 1024;
    private static final int MASK = CAPACITY - 1;
    private static final Task<Integer> LAST = new Task<>(() -> 0);

    private final AtomicReferenceArray<@Nullable Task<?>> ring = new AtomicReferenceArray<>(CAPACITY);
    private final AtomicLong tail = new AtomicLong(); // claimed by producers
    private volatile boolean sleeps; // written by the thread
    private final Thread thread = Threads.start("queue", this::loop);

    /** A function, and then its result or exception. */
    static final class Task<T> {
        private static final int NEW = 0;
        private static final int DONE = 1;
        private static final int FAILED = 2;

        private final Callable<T> call;
        private @Nullable Object outcome; // written before the state
        private volatile int state;
        private volatile @Nullable Thread sleeper; // written by the waiting thread

        private Task(Callable<T> call) {
            this.call = call;
        }

        private void run() {
            int end = DONE;
            try {
                outcome = call.call();
            } catch (Exception e) {
                outcome = e;
                end = FAILED;
            }
            state = end;
            Thread waiting = sleeper;
            if (waiting != null) {
                LockSupport.unpark(waiting);
            }
        }

        @SuppressWarnings("unchecked") // the outcome of a call that did not fail is its result
        @Nullable
        T await() throws ExecutionException {
            long until = System.nanoTime() + Threads.SPIN_NANOS;
            for (int turn = 1; state == NEW; turn++) {
                if (turn % Threads.TURNS_PER_LOOK == 0 && System.nanoTime() - until > 0) {
                    park();
                }
                Thread.onSpinWait();
            }
            if (state == FAILED) {
                throw new ExecutionException((Throwable) outcome);
            }
            return (T) outcome;
        }

        private void park() {
            sleeper = Thread.currentThread();
            while (state == NEW) {
                LockSupport.park(this);
            }
            sleeper = null;
        }
    }

    <T> Task<T> schedule(Callable<T> call) {
        Task<T> task = new Task<>(call);
        put(task);
        return task;
    }

    private void put(Task<?> task) {
        int index = (int) tail.getAndIncrement() & MASK;
        while (!ring.compareAndSet(index, null, task)) {
            Thread.onSpinWait(); // full
        }
        if (sleeps) {
            LockSupport.unpark(thread);
        }
    }

    private void loop() {
        Task<?> task;
        int head = 0;
        do {
            task = take(head);
            ring.set(head, null);
            head = head + 1 & MASK;
            task.run();
        } while (task != LAST);
    }

    private Task<?> take(int index) {
        long until = 0;
        Task<?> task;
        for (int turn = 1; (task = ring.get(index)) == null; turn++) {
            if (turn % Threads.TURNS_PER_LOOK == 0) {
                long now = System.nanoTime();
                if (until == 0) {
                    until = now + Threads.SPIN_NANOS;
                } else if (now - until > 0) {
                    park(index);
                }
            }
            Thread.onSpinWait();
        }
        return task;
    }

    private void park(int index) {
        sleeps = true;
        while (ring.get(index) == null) {
            LockSupport.park(this);
        }
        sleeps = false;
    }

    @Override
    public void close() {
        put(LAST);
        Threads.join(thread);
    }

    /** Batches through a queue. */
    static final class Batches implements Way {
        private final QueueThread thread = new QueueThread();
        private final String text = ThreadWays.TEXT;

        @Override
        public long step() throws Exception {
            String capturedToo = text;
            Task<Integer> last = LAST;
            for (int i = 0; i < Row.BATCH; i++) {
                int captured = i;
                last = thread.schedule(() -> captured + capturedToo.length());
            }
            Integer result = last.await();
            return result == null ? 0 : result;
        }

        @Override
        public void close() {
            thread.close();
        }
    }
}
