// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What the hand-written threads share. */
final class Threads {
    /** How long the floors spin before they sleep: about the cost of parking and being woken. */
    static final long SPIN_NANOS = 50_000;

    /** Between two looks at the clock: it costs more than a turn of the loop. */
    static final int TURNS_PER_LOOK = 64;

    private static final long NAP_NANOS = 1_000_000;

    private Threads() {}

    static Thread start(String name, Runnable loop) {
        Thread thread = new Thread(loop, "processional-bench-" + name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Waits for the end of a thread that was told to end; keeps an interrupt for the caller. */
    static void join(Thread thread) {
        try {
            TimeUnit.SECONDS.timedJoin(thread, 10);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sleeps for a moment, so as not to use a processor while others are measured. */
    static void nap() {
        LockSupport.parkNanos(NAP_NANOS);
    }
}
