// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.thread;

import org.jspecify.annotations.Nullable;

/**
 * How the consumer of a queue learns that there is something to do. It is rung after each task that enters.
 *
 * <p><b>Threads:</b> {@code ring} from any thread, behind a full fence and what there is to do; it never throws.
 */
abstract class Bell {
    /** Tells which queue this is the bell of; once, before all else. */
    void serves(TaskQueue queue) {}

    /** Makes the consumer look at the queue and its state. */
    abstract void ring();

    /** The thread that consumes; null if it is not known. */
    @Nullable
    abstract Thread consumer();

    /** Whether the calling thread is the one that consumes. */
    abstract boolean isCurrent();

    /** Whether the consumer has a thread of its own, which surely comes to the end of the queue. */
    abstract boolean hasOwnThread();
}
