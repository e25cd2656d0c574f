// SPDX-License-Identifier: Apache-2.0
package org.processional.fuzz;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What an input may cost: time, and memory in proportion to its length. A length that a message announces is no reason to
 * allocate that much.
 *
 * <p><b>Threads:</b> measures the calling thread.
 */
final class Bounds {
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final int BYTES_PER_BYTE = 4096;
    private static final Duration LONGEST = Duration.ofSeconds(5); // of processor time
    private static final int TRIES = 3; // who comes first loads classes, and pays for their instrumentation

    private Bounds() {}

    /** Runs a target, and fails if it took too much, each time. */
    static void run(Target target, byte[] input) throws Throwable {
        String excess = tryOnce(target, input);
        for (int tries = 1; excess != null && tries < TRIES; tries++) {
            excess = tryOnce(target, input);
        }
        if (excess != null) {
            throw new AssertionError(input.length + " bytes took " + excess);
        }
    }

    private static @Nullable String tryOnce(Target target, byte[] input) throws Throwable {
        long bytes = THREADS.getCurrentThreadAllocatedBytes();
        long time = THREADS.getCurrentThreadCpuTime();
        target.run(input);
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - bytes;
        long took = THREADS.getCurrentThreadCpuTime() - time;
        if (allocated > target.allocationBytes(input) + (long) BYTES_PER_BYTE * input.length) {
            return allocated + " bytes of memory";
        }
        return took > LONGEST.toNanos() ? Duration.ofNanos(took).toString() : null;
    }
}
