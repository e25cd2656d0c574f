// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.thread;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.processional.ProcessionalException;

/**
 * Threads of slaves that wait for each other in a circle, so that none of the waits would ever end: a task of one invokes a
 * function on another slave, which invokes one on the first. One of the waits is refused: that of whom would sleep last.
 *
 * <p>Who is about to sleep enters what it waits for, then looks: so of two that close a circle at once one sees the other. A
 * task that has ended is no wait any more, though its waiter may still be asleep. A circle is looked at twice: one that is
 * there stays, and while the first look went round, the wait that it began with may have ended.
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
        List<LocalTask<?>> circle = circle(home);
        if (!circle.isEmpty() && circle.equals(circle(home))) { // tasks are equal to themselves alone
            throw new ProcessionalException(
                    "the thread of slave " + home.name() + " waits for that of this task, and would"
                            + " be waited for here, so neither would ever go on; use schedule without waiting for the end, or"
                            + " return what is to be done instead");
        }
    }

    /** What is awaited, from the consumer of a queue on to the calling thread; empty if that is not awaited. */
    private static List<LocalTask<?>> circle(TaskQueue home) {
        List<LocalTask<?>> awaited = new ArrayList<>();
        TaskQueue next = home;
        while (awaited.size() < LONGEST) {
            Thread consumer = next.consumer();
            LocalTask<?> task = consumer == null ? null : WAITS.get(consumer);
            TaskQueue queue = task == null || task.isDone() ? null : task.queue();
            if (task == null || queue == null) {
                break;
            }
            awaited.add(task);
            if (queue.isCurrent()) {
                return awaited;
            }
            next = queue;
        }
        return List.of();
    }

    /** The calling thread waits no more. */
    static void leave() {
        WAITS.remove(Thread.currentThread());
    }
}
