// SPDX-License-Identifier: Apache-2.0
package org.processional.tck;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Waits for conditions.
 *
 * <p><b>Threads:</b> stateless.
 *
 * @since 0.1
 */
public final class Eventually {
    private Eventually() {}

    /** How long anything may take that comes at once on a quiet machine: 20 s, or as a property says, with decimals. */
    public static Duration limit() {
        double seconds = Double.parseDouble(System.getProperty("processional.tck.seconds", "20"));
        return Duration.ofMillis(Math.round(seconds * 1000));
    }

    /**
     * Waits until something is true.
     *
     * @param what what is waited for, in words
     * @throws AssertionError if it is not within {@link #limit()}
     */
    public static void until(String what, BooleanSupplier condition) {
        Duration limit = limit();
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline >= 0) {
                throw new AssertionError("not within " + limit + ": " + what);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }
}
