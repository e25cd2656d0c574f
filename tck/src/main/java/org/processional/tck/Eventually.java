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
    /** How long anything may take that comes at once on a quiet machine. */
    static final Duration LIMIT = Duration.ofSeconds(Integer.getInteger("processional.tck.seconds", 20));

    private Eventually() {}

    /** Waits until something is true. */
    static void until(String what, BooleanSupplier condition) {
        until(what, LIMIT, condition);
    }

    /** Waits until something is true, at most a time. */
    static void until(String what, Duration limit, BooleanSupplier condition) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline >= 0) {
                throw new AssertionError("not within " + limit + ": " + what);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }
}
