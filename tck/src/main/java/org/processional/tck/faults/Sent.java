// SPDX-License-Identifier: Apache-2.0
package org.processional.tck.faults;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.processional.Task;

/**
 * A task that a caller scheduled.
 *
 * <p><b>Threads:</b> the caller; its future tells of the end in any thread.
 */
final class Sent {
    final long key;
    final Line line;
    final Task<Long> task;
    final boolean fails; // by intention
    final boolean queued; // not in a thread of its own
    private final AtomicInteger ends = new AtomicInteger(); // how often its future said that it has ended
    private final CountDownLatch ended = new CountDownLatch(1); // it said so
    boolean cancelled; // cancel() gave true
    boolean interrupted; // interrupt() was called

    /** Keeps a task, and counts its ends. */
    Sent(long key, Line line, Task<Long> task, boolean fails, boolean queued) {
        this.key = key;
        this.line = line;
        this.task = task;
        this.fails = fails;
        this.queued = queued;
        CompletableFuture<Long> unused = task.toCompletableFuture().whenComplete((result, error) -> {
            ends.incrementAndGet();
            ended.countDown();
        });
    }

    /** How often its future has told that it has ended, which it may do a moment after the task. */
    int awaitEnds(Duration limit) {
        try {
            if (!ended.await(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                return 0;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ends.get();
    }
}
