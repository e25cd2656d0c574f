// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import org.jspecify.annotations.Nullable;

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
}
