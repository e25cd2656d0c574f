// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.task;

import java.time.Duration;

/** Time limits given by users, in nanoseconds. */
public final class Durations {
    /** Longer waits are cut to this many nanoseconds, about 146 years, so that deadlines do not overflow. */
    public static final long LONGEST = Long.MAX_VALUE / 2;

    private Durations() {}

    /**
     * Converts a time limit.
     *
     * @param name what the limit is called, for the message
     * @param duration zero or more
     * @return nanoseconds, at most {@link #LONGEST}
     * @throws IllegalArgumentException if it is negative
     */
    public static long nanos(String name, Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException(name + " is " + duration + "; give zero or more");
        }
        return duration.compareTo(Duration.ofNanos(LONGEST)) > 0 ? LONGEST : duration.toNanos();
    }

    /** The same limit, or the longest if it is longer: what it gives can be counted in nanoseconds. */
    public static Duration cut(Duration limit) {
        return limit.compareTo(Duration.ofNanos(LONGEST)) > 0 ? Duration.ofNanos(LONGEST) : limit;
    }
}
