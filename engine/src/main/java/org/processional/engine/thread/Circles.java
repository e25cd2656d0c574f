// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.thread;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.processional.ProcessionalException;

/**
 * Threads of slaves that wait for each other in a circle, so that none of the waits would ever end: a task of one invokes a
 * function on another slave, which invokes one on the first. One of the waits is refused: that of whom would sleep last.
 *
 * <p>Who is about to sleep enters what it waits for, then looks: so of two that close a circle at once one sees the other. A
 * task that has ended is no wait any more, though its waiter may still be asleep.
 *
 * <p><b>Threads:</b> each wait is entered, looked after and left by the thread that waits.
 */
final class Circles {
    private static final int LONGEST = 1000; // of threads that were found waiting, each for the next

    private static final Map<Thread, LocalTask<?>> WAITS = new ConcurrentHashMap<>();

    private Circles() {}

    /**
     * The calling thread begins to wait, without a limit, for a task of a queue; it {@linkplain #leave leaves} in any case.
     *
     * @throws ProcessionalException if the consumer of the queue waits, perhaps through others, for the calling thread
     */
    static void enter(LocalTask<?> task, TaskQueue home) {
        WAITS.put(Thread.currentThread(), task);
        TaskQueue next = home;
        for (int length = 0; next != null && length < LONGEST; length++) {
            next = awaitedBy(next.consumer());
            if (next != null && next.isCurrent()) {
                throw new ProcessionalException("the thread of slave " + home.name() + " waits for slave "
                        + next.name() + ", whose thread would wait for it here, so neither would ever go on; use"
                        + " schedule without waiting for the end, or return what is to be done instead");
            }
        }
    }

    /** The calling thread waits no more. */
    static void leave() {
        WAITS.remove(Thread.currentThread());
    }

    private static @Nullable TaskQueue awaitedBy(@Nullable Thread consumer) {
        LocalTask<?> task = consumer == null ? null : WAITS.get(consumer);
        return task == null || task.isDone() ? null : task.queue();
    }
}
