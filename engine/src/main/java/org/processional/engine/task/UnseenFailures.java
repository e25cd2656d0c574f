// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.task;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.processional.engine.Log;

/**
 * Reports failures that nobody has seen: when the handle of the task is dropped, and when the JVM ends.
 *
 * <p>A failure is registered before its task ends by it, by the thread that ends it: tasks that succeed pay nothing,
 * and who saw the end may end the JVM. The action holds the failure, never the task.
 *
 * <p><b>Threads:</b> from any thread.
 */
public final class UnseenFailures {
    private static final Set<Failure> OPEN = ConcurrentHashMap.newKeySet();

    static {
        Thread hook = new Thread("processional-unseen-failures") {
            @Override
            public void run() {
                reportOpen();
            }
        };
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) {
            Log.engine().debug("the JVM is ending already; failures that nobody has seen are reported no more", e);
        }
    }

    private UnseenFailures() {}

    /** Reports a failure at the end of the JVM, unless it was seen. */
    static void open(Failure failure) {
        OPEN.add(failure);
    }

    /**
     * Reports an open failure when its task is dropped.
     *
     * @param task the task that ended by it; null if it ended otherwise, and there is nothing to report
     */
    static void watch(@Nullable Object task, Failure failure) {
        if (task != null) {
            Cleaners.SHARED.register(task, new Report(failure));
        } else {
            OPEN.remove(failure);
        }
    }

    private static void reportOpen() {
        for (Failure failure : OPEN) {
            report(failure);
        }
    }

    private static void report(Failure failure) {
        if (OPEN.remove(failure) && !failure.isSeen()) {
            Log.engine().error("a task failed, and nobody asked for its result", failure.error());
        }
    }

    private record Report(Failure failure) implements Runnable {
        @Override
        public void run() {
            report(failure);
        }
    }
}
