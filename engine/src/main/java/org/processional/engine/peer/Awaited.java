// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import org.jspecify.annotations.Nullable;
import org.processional.engine.EngineTime;

/**
 * What a thread waits for.
 *
 * <p><b>Threads:</b> from any thread.
 */
@FunctionalInterface
interface Awaited {
    /** Whether it has come. */
    boolean isDone();

    /**
     * Asks for the calling thread to be unparked when it has come; by default nobody does, and the thread waits in
     * steps.
     *
     * @return what to {@link #leave} with; null if it has come already
     */
    default @Nullable Object enter() {
        return null;
    }

    /** Ends what {@link #enter} began. */
    default void leave(@Nullable Object entry) {}

    /**
     * Parks until it has come, without reading.
     *
     * @return whether it has come
     * @throws InterruptedException if the thread was interrupted; its flag is clear then
     */
    default boolean park(boolean timed, long deadlineNanos) throws InterruptedException {
        Object entry = null;
        try {
            while (!isDone()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                long rest = timed ? deadlineNanos - EngineTime.nanos() : Long.MAX_VALUE;
                if (rest <= 0) {
                    return isDone();
                }
                if (entry == null) {
                    entry = enter(); // then once more around, since it may have come meanwhile
                    rest = entry == null ? Math.min(rest, ReadingRole.TICK_NANOS) : 0;
                }
                if (rest > 0) {
                    EngineTime.park(this, rest);
                }
            }
            return true;
        } finally {
            leave(entry);
        }
    }
}
