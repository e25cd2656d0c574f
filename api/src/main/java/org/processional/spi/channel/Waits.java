// SPDX-License-Identifier: Apache-2.0
package org.processional.spi.channel;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Arithmetic of time limits.
 *
 * <p><b>Threads:</b> stateless.
 *
 * @since 0.1
 */
public final class Waits {
    private Waits() {}

    /** A duration in nanoseconds; {@link Long#MAX_VALUE}, which means without end, if it is longer than 292 years. */
    public static long nanos(Duration wait) {
        if (wait.isNegative()) {
            return 0;
        }
        return wait.toSeconds() >= Long.MAX_VALUE / 1_000_000_000 ? Long.MAX_VALUE : wait.toNanos();
    }

    /**
     * What is left of a time limit.
     *
     * @param nanos the limit
     * @param start what {@link System#nanoTime()} said in the beginning
     * @return nanoseconds, 0 if it is over
     */
    public static long left(long nanos, long start) {
        if (nanos == Long.MAX_VALUE) {
            return nanos;
        }
        return Math.max(0, nanos - (System.nanoTime() - start));
    }

    /** Closes a wait set, if there is one. */
    static void close(@Nullable ChannelWaitSet set) {
        if (set != null) {
            set.close();
        }
    }
}
