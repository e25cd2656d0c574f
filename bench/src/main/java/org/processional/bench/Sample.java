// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * What one run of a way gave.
 *
 * @param micros the median time of a step in µs, divided by its operations
 * @param perSecond operations per second
 */
record Sample(double micros, double perSecond) {
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final double NANOS_PER_MICRO = 1_000;
    private static final double NANOS_PER_SECOND = 1_000_000_000;

    /** A lead-in, unrecorded, of this part of a run: partners wake up, caches fill. */
    private static final int LEAD_IN = 20;

    /**
     * Does it for a while. Each step is timed from the end of the one before: one look at the clock (some 25 ns) is in
     * each time.
     */
    static Sample of(Way way, int operations, long nanos) throws Exception {
        way.begin();
        try {
            run(way, nanos / LEAD_IN, new Histogram(LONGEST_NANOS, 3));
            Histogram times = new Histogram(LONGEST_NANOS, 3);
            long took = run(way, nanos, times);
            return new Sample(
                    times.getValueAtPercentile(50) / NANOS_PER_MICRO / operations,
                    times.getTotalCount() * NANOS_PER_SECOND * operations / took);
        } finally {
            way.end();
        }
    }

    private static long run(Way way, long nanos, Histogram times) throws Exception {
        long begin = System.nanoTime();
        long last = begin;
        do {
            way.step();
            long now = System.nanoTime();
            times.recordValue(Math.min(now - last, LONGEST_NANOS));
            last = now;
        } while (last - begin < nanos);
        return last - begin;
    }
}
