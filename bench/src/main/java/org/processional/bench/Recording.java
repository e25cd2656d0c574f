// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.HdrHistogram.Histogram;

/**
 * The times of the steps of a way, and what its thread allocated meanwhile, over several runs. Behind each of them what the
 * clock and the loop take is measured, by steps that do nothing: it is in all times, and would bring ratios closer to 1.
 *
 * <p><b>Threads:</b> one thread uses it, the one that does the steps.
 */
final class Recording {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final long CLOCK_NANOS = 2_000_000;

    private final Histogram times = Way.times();
    private final Histogram clock = Way.times();
    private boolean allocatesHere = true;
    private long allocatedBytes;

    /** Does it for a while, see {@link Way#run(long, long, Histogram)}. */
    void run(Way way, long nanos, long pauseMillis) throws Exception {
        allocatesHere &= way.allocatesHere();
        long before = THREADS.getCurrentThreadAllocatedBytes();
        way.run(nanos, pauseMillis, times);
        allocatedBytes += THREADS.getCurrentThreadAllocatedBytes() - before;
        if (pauseMillis == 0 && way.isTimedByStep()) {
            Way.run(() -> 0, CLOCK_NANOS, 0, clock);
        }
    }

    /** What the clock and the loop take of each time, in ns. */
    long clockNanos() {
        return clock.getTotalCount() == 0 ? 0 : clock.getValueAtPercentile(50);
    }

    /** Times of steps, in ns. */
    Histogram times() {
        return times;
    }

    /** Bytes for a step: what the thread itself allocated; NaN where others do the steps. */
    double allocated() {
        return allocatesHere ? (double) allocatedBytes / times.getTotalCount() : Double.NaN;
    }
}
