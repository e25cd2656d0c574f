// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * The limit of {@code thread.schedule}: numbers go to another thread through a ring, and the last is answered; both
 * threads spin.
 *
 * <p><b>Threads:</b> one caller; the partner sleeps between runs.
 */
final class SpinRing implements Way {
    private static final int CAPACITY = 1024;
    private static final int MASK = CAPACITY - 1;

    private static final int TAKEN = 16; // 128 bytes from whatever lies before
    private static final int SIZE = 32;

    private static final long LAST = -1;

    private final AtomicLongArray ring = new AtomicLongArray(CAPACITY); // written by the caller
    private final AtomicLongArray taken = new AtomicLongArray(SIZE); // written by the partner
    private volatile boolean running; // written by the caller
    private final Thread partner = Threads.start("spin-ring", this::take);
    private long put; // caller only

    private void take() {
        long next = 1;
        while (true) {
            long value = ring.getAcquire((int) next & MASK);
            if (value == next) {
                next++;
            } else if (value == LAST) {
                return;
            } else {
                if (taken.getPlain(TAKEN) != next - 1) {
                    taken.setRelease(TAKEN, next - 1); // once for all that was there
                }
                if (running) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.park(this);
                }
            }
        }
    }

    @Override
    public void begin() {
        running = true;
        LockSupport.unpark(partner);
    }

    @Override
    public long step() { // the batch before was taken, and a batch is smaller than the ring: there is room
        long last = put + Row.BATCH;
        for (long value = put + 1; value <= last; value++) {
            ring.setRelease((int) value & MASK, value);
        }
        while (taken.getAcquire(TAKEN) != last) {
            Thread.onSpinWait();
        }
        put = last;
        return last;
    }

    @Override
    public void end() {
        running = false;
    }

    @Override
    public void close() {
        ring.set((int) (put + 1) & MASK, LAST);
        LockSupport.unpark(partner);
        Threads.join(partner);
    }
}
