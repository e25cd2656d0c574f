// SPDX-License-Identifier: Apache-2.0
package org.example.blocking;

import java.time.Duration;

/** The end of a wait. */
final class Deadline {
    private final long end;

    Deadline(Duration wait) {
        boolean isLong = wait.compareTo(Duration.ofDays(365)) > 0;
        end = System.nanoTime() + (isLong ? Duration.ofDays(365) : wait).toNanos();
    }

    boolean isOver() {
        return System.nanoTime() - end >= 0;
    }

    /** What is left, rounded up: 1 or more. */
    int millis() {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(1, (end - System.nanoTime() + 999_999) / 1_000_000));
    }
}
