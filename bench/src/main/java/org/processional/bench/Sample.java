// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.io.Serializable;
import org.HdrHistogram.Histogram;

/**
 * What the runs of a way gave, in one JVM.
 *
 * @param micros the median time of a step in µs, divided by its operations
 * @param p99 the time that 99 of 100 steps kept within, likewise
 * @param p999 the time that 999 of 1000 steps kept within, likewise; of fewer steps, the longest
 * @param perSecond operations per second of the time that steps took
 * @param steps how many were timed
 * @param allocated bytes that the thread which does the steps allocated for an operation
 */
record Sample(double micros, double p99, double p999, double perSecond, long steps, double allocated)
        implements Serializable {
    private static final double NANOS_PER_MICRO = 1_000;
    private static final double NANOS_PER_SECOND = 1_000_000_000;

    /** A lead-in, unrecorded, of this part of a run: partners wake up, caches fill. */
    private static final int LEAD_IN = 10;

    /** Does it for a while. */
    static Sample of(Way way, Row row, long nanos) throws Exception {
        Recording recording = new Recording();
        measure(way, nanos, row, recording);
        return of(recording, row.operations());
    }

    /** Does it for a while, and adds the times. */
    static void measure(Way way, long nanos, Row row, Recording recording) throws Exception {
        way.begin();
        try {
            if (row.isWarmedUp() && row.pauseMillis() == 0) {
                way.run(leadInNanos(nanos), 0, Way.times());
            }
            recording.run(way, nanos, row.pauseMillis());
        } finally {
            way.end();
        }
    }

    /** How long a turn is led in. */
    static long leadInNanos(long nanos) {
        return nanos / LEAD_IN;
    }

    /** Does it for a while without pauses, and forgets the times. */
    static void warmUp(Way way, long nanos) throws Exception {
        way.begin();
        try {
            way.run(nanos, 0, Way.times());
        } finally {
            way.end();
        }
    }

    /** The figures of what was recorded. */
    static Sample of(Recording recording, int operations) {
        Histogram times = recording.times();
        long clock = recording.clockNanos();
        double scale = NANOS_PER_MICRO * operations;
        return new Sample(
                without(clock, (double) times.getValueAtPercentile(50)) / scale,
                without(clock, (double) times.getValueAtPercentile(99)) / scale,
                without(clock, (double) times.getValueAtPercentile(99.9)) / scale,
                NANOS_PER_SECOND * operations / without(clock, times.getMean()),
                times.getTotalCount(),
                recording.allocated() / operations);
    }

    /** At least a nanosecond, which is what nothing takes. */
    private static double without(long clockNanos, double nanos) {
        return Math.max(1, nanos - clockNanos);
    }
}
