// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.HdrHistogram.Histogram;

/**
 * The times of the steps of a way, and what its thread allocated meanwhile, over several runs.
 *
 * <p><b>Threads:</b> one thread uses it, the one that does the steps.
 */
final class Recording {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Histogram times = Way.times();
    private long allocatedBytes;

    /** Does it for a while, see {@link Way#run(long, long, Histogram)}. */
    void run(Way way, long nanos, long pauseMillis) throws Exception {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        way.run(nanos, pauseMillis, times);
        allocatedBytes += THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    /** Times of steps, in ns. */
    Histogram times() {
        return times;
    }

    /** Bytes for a step: what the thread itself allocated, not others in this JVM. */
    double allocated() {
        return (double) allocatedBytes / times.getTotalCount();
    }
}
