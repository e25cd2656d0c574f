// SPDX-License-Identifier: Apache-2.0
package org.processional.tck.memory;

/**
 * What a thread waits on: it looks whether there is something to do, and if not waits for the bell. A ring between the
 * look and the wait is remembered, so that none is lost.
 *
 * <p><b>Threads:</b> {@code ring} from any thread, one thread waits.
 */
final class Bell {
    private boolean rung; // guarded by this

    synchronized void ring() {
        rung = true;
        notifyAll();
    }

    /**
     * Waits for a ring.
     *
     * @param nanos longest time; {@link Long#MAX_VALUE} for no limit
     * @throws InterruptedException if the thread is interrupted
     */
    synchronized void await(long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        long left = nanos;
        while (!rung && left > 0) {
            if (nanos == Long.MAX_VALUE) {
                wait();
            } else {
                wait(left / 1_000_000, (int) (left % 1_000_000));
                left = deadline - System.nanoTime();
            }
        }
        rung = false;
    }
}
