// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.shm;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Arithmetic of time limits. */
final class Waits {
    private Waits() {}

    /** A duration in nanoseconds; {@link Long#MAX_VALUE}, which means without end, if it is longer than 292 years. */
    static long nanos(Duration wait) {
        if (wait.isNegative()) {
            return 0;
        }
        return wait.toSeconds() >= Long.MAX_VALUE / 1_000_000_000 ? Long.MAX_VALUE : wait.toNanos();
    }

    /** What is left of a time limit that began at {@code start}; 0 if it is over. */
    static long left(long nanos, long start) {
        return nanos == Long.MAX_VALUE ? nanos : Math.max(0, nanos - (System.nanoTime() - start));
    }

    /** Closes a wait set, if there is one. */
    static void close(@Nullable ShmWaitSet set) {
        if (set != null) {
            set.close();
        }
    }
}
