// SPDX-License-Identifier: Apache-2.0
package org.processional.engine;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * The time of the engine: what limits, graces, pauses and ticks are measured by. It is that of the system or, by the property
 * {@value #PROPERTY}, so many times faster: for tests that want to see hours pass in seconds.
 *
 * <p>What costs are is measured by the system's time whatever this one does: how long to spin, to hold a frame back, to wait
 * for another process to start, to greet or to end.
 *
 * <p><b>Threads:</b> everything from any thread.
 */
public final class EngineTime {
    /** How many times faster than the system's time. */
    public static final String PROPERTY = "processional.time.speed";

    private static final long SPEED = Math.max(1, Long.getLong(PROPERTY, 1));

    private EngineTime() {}

    /** Now, in nanoseconds since some moment; compared as those of {@link System#nanoTime()} are. */
    public static long nanos() {
        return System.nanoTime() * SPEED; // may wrap, as the system's may; differences do not
    }

    /** What a time of the engine is by the system's, for waits of the JDK; at least 1 ns unless it is none. */
    public static long system(long nanos) {
        return SPEED == 1 || nanos <= 0 ? nanos : 1 + (nanos - 1) / SPEED;
    }

    /** The same, for waits of transports. */
    public static Duration system(Duration time) {
        return SPEED == 1 ? time : time.dividedBy(SPEED);
    }

    /** Parks the calling thread, at most a time; it may return at any moment. */
    public static void park(Object blocker, long nanos) {
        LockSupport.parkNanos(blocker, system(nanos));
    }
}
