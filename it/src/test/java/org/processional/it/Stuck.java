// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Functions that heed neither interrupts nor tokens, for tests that stop them all the same. */
final class Stuck {
    /** How many threads the bomb makes, so that it harms nothing but the slave; that takes it a quarter of a minute. */
    static final int MOST_BOMBS = 3000;

    private static final int QUICK_BOMBS = 30;
    private static final long BOMB_NANOS = 5_000_000;

    private static final Object FIRST = new Object();
    private static final Object SECOND = new Object();

    /** Whether a function has begun that is not seen otherwise. */
    static volatile boolean begun;

    private static volatile boolean firstIsHeld;
    private static volatile boolean secondIsHeld;

    private Stuck() {}

    /** Computes for ever. */
    @SuppressWarnings("InfiniteLoopStatement")
    static void loop() {
        begun = true;
        while (true) {
            Heavy.COUNTER.incrementAndGet();
        }
    }

    /** Catches each interrupt, and sleeps on. */
    @SuppressWarnings("InfiniteLoopStatement")
    static void sleep() {
        while (true) {
            LockSupport.parkNanos(1_000_000_000L);
            Thread.interrupted();
        }
    }

    /** Waits in the system for the output of a child that prints nothing; the JVM cannot interrupt that. */
    static void readAPipe() throws IOException {
        Process child = new ProcessBuilder("sleep", "1000").start();
        try (InputStream from = child.getInputStream()) {
            from.read();
        }
    }

    /** A class whose initializer does not end. */
    static final class Hangs {
        static final AtomicInteger VALUE = new AtomicInteger();

        static {
            hang();
        }

        private Hangs() {}

        private static void hang() {
            begun = true;
            while (VALUE.get() == 0) {
                Thread.onSpinWait();
            }
        }
    }

    static int initialize() {
        return Hangs.VALUE.get();
    }

    /** One half of a deadlock. */
    static void deadlock(boolean first) {
        synchronized (first ? FIRST : SECOND) {
            if (first) {
                firstIsHeld = true;
            } else {
                secondIsHeld = true;
            }
            while (!firstIsHeld || !secondIsHeld) {
                Thread.onSpinWait();
            }
            synchronized (first ? SECOND : FIRST) {
                firstIsHeld = false;
            }
        }
    }

    /** Threads that make threads, the first at once and then one after the other, each of which does nothing for ever. */
    static void bomb() {
        AtomicInteger count = new AtomicInteger();
        multiply(count);
        sleep();
    }

    private static void multiply(AtomicInteger count) {
        for (int i = 0; i < 2; i++) {
            int number = count.incrementAndGet();
            if (number > MOST_BOMBS) {
                return;
            }
            if (number > QUICK_BOMBS) {
                awaitTurn();
            }
            new Thread(
                            null,
                            () -> {
                                multiply(count);
                                sleep();
                            },
                            "bomb",
                            128 * 1024)
                    .start();
        }
    }

    private static synchronized void awaitTurn() {
        LockSupport.parkNanos(BOMB_NANOS);
    }

    /** How many threads of the bomb there are. */
    static long bombs() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("bomb"))
                .count();
    }

    /** Whether the two halves wait for each other. */
    static boolean isDeadlocked() {
        return firstIsHeld && secondIsHeld;
    }
}
