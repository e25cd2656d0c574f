// SPDX-License-Identifier: Apache-2.0
package org.processional.tck.faults;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the callers of one process saw.
 *
 * <p><b>Threads:</b> everything from any thread.
 *
 * @since 0.1
 */
public final class Report {
    private final Queue<long[]> tasks = new ConcurrentLinkedQueue<>();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();
    private final AtomicInteger callbacks = new AtomicInteger();

    /** An empty report. */
    public Report() {}

    /** A task, the connection that it went by, whether it went into the queue, and the ordinal of its outcome. */
    @SuppressWarnings("EnumOrdinal") // the number goes no further than to Check
    void add(long key, int line, boolean queued, Outcome outcome) {
        tasks.add(new long[] {key, line, queued ? 1 : 0, outcome.ordinal()});
    }

    void violation(String what) {
        violations.add(what);
    }

    /** A task that has its result called objects of this process so often. */
    void calledBack(int times) {
        callbacks.addAndGet(times);
    }

    int callbacks() {
        return callbacks.get();
    }

    /** Every task: its key, the number of its connection, whether it was queued (1 or 0), the ordinal of its outcome. */
    public List<long[]> tasks() {
        return List.copyOf(tasks);
    }

    /** What must not be. */
    public List<String> violations() {
        return List.copyOf(violations);
    }
}
