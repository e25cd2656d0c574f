// SPDX-License-Identifier: Apache-2.0
package org.processional;

import java.time.Duration;
import java.util.Optional;

/**
 * Tells a function that nobody wants its result any more: its task was cancelled or interrupted while it ran, or its time
 * is over. The function decides where it stops.
 *
 * <pre>{@code
 * CancellationToken token = cancellation();
 * for (Image image : images) {
 *     token.throwIfRequested();
 *     resize(image);
 * }
 * }</pre>
 *
 * <p>It comes from {@link Processional#cancellation()}, in the thread that runs the task. A request that reaches a task
 * reaches what it has called as well: on the same thread, the token of the inner function tells of the outer task; calls
 * to other threads and processes that it waits for are cancelled by its interrupt.
 *
 * <p><b>Threads:</b> from any thread: give it to those that work for the task. It shows what was requested before, and
 * never goes back.
 *
 * @since 0.1
 */
public interface CancellationToken {
    /** Whether the task shall stop. */
    boolean isRequested();

    /**
     * Does nothing unless the task shall stop.
     *
     * @throws TaskCancelledException if it shall
     */
    void throwIfRequested();

    /**
     * How long the task has until its {@linkplain TaskOptions#limit time limit}, or that of the task that called it,
     * whichever comes first.
     *
     * @return the time, zero if it is over; empty if there is no limit
     */
    Optional<Duration> timeLeft();
}
