// SPDX-License-Identifier: Apache-2.0
package org.processional.tck;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Waits for conditions.
 *
 * <p><b>Threads:</b> stateless.
 */
final class Eventually {
    private Eventually() {}

    /** How long anything may take that comes at once on a quiet machine: 20 s, or as a property says. */
    static Duration limit() {
        return Duration.ofSeconds(Integer.getInteger("processional.tck.seconds", 20));
    }

    /** Waits until something is true. */
    static void until(String what, BooleanSupplier condition) {
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
