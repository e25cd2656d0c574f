// SPDX-License-Identifier: Apache-2.0
package org.processional.tck.faults;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.processional.Task;

/**
 * A task that a caller scheduled.
 *
 * <p><b>Threads:</b> the caller; {@code ends} by any.
 */
final class Sent {
    final long key;
    final Line line;
    final Task<Long> task;
    final boolean fails; // by intention
    final boolean queued; // not in a thread of its own
    final AtomicInteger ends = new AtomicInteger(); // how often its future said that it has ended
    boolean cancelled; // cancel() gave true
    boolean interrupted; // interrupt() was called

    /** Keeps a task, and counts its ends. */
    Sent(long key, Line line, Task<Long> task, boolean fails, boolean queued) {
        this.key = key;
        this.line = line;
        this.task = task;
        this.fails = fails;
        this.queued = queued;
        CompletableFuture<Long> unused =
                task.toCompletableFuture().whenComplete((result, error) -> ends.incrementAndGet());
    }
}
