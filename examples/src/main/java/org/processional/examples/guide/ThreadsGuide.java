// SPDX-License-Identifier: Apache-2.0
package org.processional.examples.guide;

import static org.processional.Processional.adoptLoop;
import static org.processional.Processional.adoptThread;
import static org.processional.Processional.slaveThread;
import static org.processional.Processional.thread;
import static org.processional.Processional.uninterruptible;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.processional.SlaveThread;
import org.processional.SlaveThreadOptions;
import org.processional.Task;
import org.processional.TaskFailedException;
import org.processional.TaskInterruptedException;
import org.processional.TaskTimeoutException;
import org.processional.ThreadOptions;
import org.processional.Uninterruptible;
import org.processional.Waiting;

/** What {@code docs/threads.md} shows. */
final class ThreadsGuide {
    private ThreadsGuide() {}

    static int result(Path file) {
        Task<Integer> lines = thread(() -> Files.readAllLines(file).size()); // may throw what it likes
        try {
            return lines.await();
        } catch (TaskFailedException e) { // a checked exception of the function is the cause
            return e.getCause() instanceof IOException ? -1 : -2;
        }
    }

    static String limited() {
        Task<String> task = thread(() -> {
            Thread.sleep(60_000);
            return "late";
        });
        try {
            return task.await(Duration.ofMillis(20)); // the task goes on
        } catch (TaskTimeoutException e) {
            task.cancel(); // interrupts it
            return "cancelled: " + task.isCancelled();
        }
    }

    static String options() {
        ThreadOptions options =
                ThreadOptions.builder().name("backup").detach(true).build(); // the JVM waits for its end
        return thread(options, () -> Thread.currentThread().getName()).await();
    }

    /** What only one thread may touch. */
    static final class Device {
        private final Thread owner = Thread.currentThread();
        private int value;

        int add(int more) {
            if (Thread.currentThread() != owner) {
                throw new IllegalStateException("not the thread of the device");
            }
            return value += more;
        }
    }

    static int slave() {
        try (SlaveThread worker = slaveThread()) {
            Device device = worker.invoke(() -> new Device());
            Task<Integer> three = worker.schedule(() -> device.add(3));
            Task<Integer> seven = worker.schedule(() -> device.add(4)); // after the other one
            return three.await() + seven.await();
        }
    }

    static boolean slaveOptions() {
        SlaveThreadOptions options = SlaveThreadOptions.builder()
                .name("device")
                .capacity(64) // schedule waits where 64 tasks are queued
                .waiting(Waiting.PARK) // no spinning
                .closeLimit(Duration.ofSeconds(2))
                .build();
        try (SlaveThread worker = slaveThread(options)) {
            return worker.trySchedule(() -> "room").isPresent();
        }
    }

    static List<String> adopt() {
        List<String> done = new ArrayList<>();
        try (SlaveThread here = adoptThread()) {
            Task<Boolean> other = thread(() -> here.invoke(() -> done.add("by the adopted thread")));
            while (!other.isDone()) {
                here.step(); // between two frames of a game, for example
            }
        }
        return done;
    }

    static String loop() {
        ExecutorService loop = Executors.newSingleThreadExecutor(work -> new Thread(work, "loop"));
        try (SlaveThread gui =
                adoptLoop(loop, () -> Thread.currentThread().getName().equals("loop"))) {
            return gui.invoke(() -> Thread.currentThread().getName());
        } finally {
            loop.shutdown(); // the loop is not the slave's: close leaves it alone
        }
    }

    @SuppressWarnings("try") // the region is not named in its block
    static List<String> region() {
        List<String> written = new ArrayList<>();
        Task<Integer> task = thread(() -> {
            try (Uninterruptible region = uninterruptible()) {
                written.add("first half");
                written.add("second half");
            } // an interrupt that came in the meantime is delivered here
            return written.size();
        });
        task.interrupt();
        try {
            task.await();
        } catch (TaskInterruptedException e) {
            return List.of(); // it had not begun
        }
        return written;
    }

    static List<Integer> all() {
        List<Task<Integer>> tasks = List.of(thread(() -> 1), thread(() -> 2), thread(() -> 3));
        return Task.all(tasks).await(); // in their order; the first failure ends it, and cancels the rest
    }

    static String any() {
        Task<String> fastest = Task.any(thread(() -> "a mirror"), thread(() -> {
            throw new IOException("this mirror is down"); // passed over
        }));
        return fastest.await(); // the rest is cancelled
    }

    static int future() {
        try (SlaveThread worker = slaveThread()) {
            CompletableFuture<Integer> future = worker.schedule(() -> 20).toCompletableFuture();
            return future.thenApply(n -> n + 1).join(); // dependents run on a pool, never on the slave
        }
    }

    static String executor() throws Exception {
        try (SlaveThread worker = slaveThread()) {
            ExecutorService executor = worker.executor(); // for code that wants one
            Future<String> name = executor.submit(() -> Thread.currentThread().getName());
            executor.shutdown(); // ends the view; the slave lives on
            return name.get() + " " + worker.isOpen();
        }
    }
}
