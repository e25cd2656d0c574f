// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.thread;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.processional.Call;
import org.processional.SlaveThread;
import org.processional.SlaveThreadOptions;
import org.processional.Task;
import org.processional.TaskOptions;
import org.processional.ThreadOptions;
import org.processional.Uninterruptible;
import org.processional.engine.task.VirtualThreads;

/**
 * What the engine does with threads of this JVM; each method as in {@link org.processional.spi.Engine}.
 *
 * <p><b>Threads:</b> everything from any thread; it keeps no state.
 */
public final class Threads {
    private static final AtomicInteger COUNT = new AtomicInteger();

    /** Any number of these are the same. */
    public Threads() {}

    /**
     * Runs a function in a new thread.
     *
     * @throws IllegalArgumentException if a virtual thread is wanted and the JDK has none, or it is to be detached
     */
    public <T extends @Nullable Object> Task<T> thread(ThreadOptions options, Call<T, ?> call) {
        Objects.requireNonNull(call, "call");
        String name = options.name() != null ? options.name() : "processional-thread-" + COUNT.incrementAndGet();
        TaskOptions asked = options.task();
        if (asked != null) {
            TaskTerms.requireNoKill(asked.atLimit());
        }
        LocalTask<T> task = new StartedTask<>(call, name);
        boolean inherits = asked != null || !options.detach(); // who is to outlive the program outlives its task
        TaskTerms terms = inherits ? TaskTerms.of(asked) : null;
        task.terms(terms);
        if (!options.virtual()) {
            new ProcessionalThread(task, name, options.detach(), true).start();
        } else if (!options.detach()) {
            VirtualThreads.make(name, () -> runAndLeave(task)).start();
        } else {
            throw new IllegalArgumentException("thread " + name + " is to be detached and virtual, but a virtual thread"
                    + " cannot keep the JVM alive; leave one of the two out");
        }
        if (terms != null) {
            task.watch(terms);
        }
        return task;
    }

    private static void runAndLeave(LocalTask<?> task) {
        try {
            task.run();
        } finally {
            Interrupts.leaveAll(); // of regions that it forgot to close
        }
    }

    /** Starts a thread that runs many tasks. */
    public SlaveThread slaveThread(SlaveThreadOptions options) {
        return DisruptorSlaveThread.start(options);
    }

    /** Makes a slave of the calling thread. */
    public SlaveThread adoptThread(SlaveThreadOptions options) {
        return AdoptedSlaveThread.adopt(options);
    }

    /** Makes a slave of an event loop. */
    public SlaveThread adoptLoop(SlaveThreadOptions options, Executor loop, BooleanSupplier onLoop) {
        return LoopSlaveThread.adopt(options, loop, onLoop);
    }

    /** Opens a region in which interrupts of the calling thread are held back. */
    public Uninterruptible uninterruptible() {
        return Interrupts.open();
    }
}
