// SPDX-License-Identifier: Apache-2.0
package org.processional.tck.memory;

import java.time.Duration;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The time of a transport in memory: what its limits and its delays are measured by.
 *
 * <p><b>Threads:</b> everything from any thread.
 *
 * @since 0.1
 */
public abstract sealed class MemoryClock {
    private static final MemoryClock SYSTEM = new Passing();

    private MemoryClock() {}

    /** The time that passes by itself. */
    public static MemoryClock system() {
        return SYSTEM;
    }

    /** A time that stands still until a test advances it. */
    public static Still still() {
        return new Still();
    }

    /** The time now, in nanoseconds since some moment. */
    public abstract long nanos();

    /** Waits for a bell, at most a time of this clock. */
    abstract void await(Bell bell, long nanos) throws InterruptedException;

    private static final class Passing extends MemoryClock {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        void await(Bell bell, long nanos) throws InterruptedException {
            bell.await(nanos);
        }
    }

    /**
     * A time that stands still until {@link #advance}.
     *
     * <p><b>Threads:</b> everything from any thread.
     */
    public static final class Still extends MemoryClock {
        private final CopyOnWriteArrayList<Bell> waiting = new CopyOnWriteArrayList<>();
        private long now; // guarded by this

        private Still() {}

        @Override
        public synchronized long nanos() {
            return now;
        }

        /**
         * Lets time pass, and wakes everybody whose time it may be.
         *
         * @param time how much
         */
        public void advance(Duration time) {
            synchronized (this) {
                now += time.toNanos();
            }
            waiting.forEach(Bell::ring);
        }

        /** How many threads wait for this time to pass, or for what may come before. */
        public int waiting() {
            return waiting.size();
        }

        @Override
        void await(Bell bell, long nanos) throws InterruptedException {
            long deadline = nanos == Long.MAX_VALUE ? nanos : nanos() + nanos;
            waiting.add(bell);
            try {
                if (nanos() < deadline) {
                    bell.await(Long.MAX_VALUE);
                }
            } finally {
                waiting.remove(bell);
            }
        }
    }
}
