// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * The limit of {@code thread.invoke}: a number goes to another thread and back, through two cells on cache lines of
 * their own, on which both threads spin.
 *
 * <p><b>Threads:</b> one caller; the partner sleeps between runs.
 */
final class SpinPair implements Way {
    // 128 bytes apart: processors fetch lines in pairs
    private static final int PING = 16;
    private static final int PONG = 32;
    private static final int SIZE = 48;

    private static final long LAST = -1;

    private final AtomicLongArray cells = new AtomicLongArray(SIZE); // PING by the caller, PONG by the partner
    private volatile boolean running; // written by the caller
    private final Thread partner = Threads.start("spin-pair", this::answer);
    private long number; // caller only

    private void answer() {
        long seen = 0;
        while (seen != LAST) {
            long ping = cells.getAcquire(PING);
            if (ping != seen) {
                seen = ping;
                cells.setRelease(PONG, ping);
            } else if (running) {
                Thread.onSpinWait();
            } else {
                LockSupport.park(this);
            }
        }
    }

    @Override
    public void begin() {
        running = true;
        LockSupport.unpark(partner);
    }

    @Override
    public long step() {
        long ping = ++number;
        cells.setRelease(PING, ping);
        while (cells.getAcquire(PONG) != ping) {
            Thread.onSpinWait();
        }
        return ping;
    }

    @Override
    public void end() {
        running = false;
    }

    @Override
    public void close() {
        cells.set(PING, LAST);
        LockSupport.unpark(partner);
        Threads.join(partner);
    }
}
