// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The floor of {@code thread.invoke}: a thread with one slot, which takes a function and leaves its result or
 * exception. Both sides spin for a while, then park.
 *
 * <p><b>Threads:</b> one caller. Who parks says so in a volatile field and looks again; who writes looks at that field
 * afterwards: so no wake-up is lost.
 */
final class SlotThread implements AutoCloseable {
    private static final Callable<Integer> LAST = () -> 0;

    private volatile @Nullable Callable<?> slot; // set by the caller, cleared by the thread when it is done
    private @Nullable Object result; // written by the thread before it clears the slot
    private @Nullable Exception failure; // as the result
    private volatile boolean threadSleeps; // written by the thread
    private volatile @Nullable Thread sleepingCaller; // written by the caller
    private final Thread thread = Threads.start("slot", this::loop);

    @SuppressWarnings("unchecked") // the result is that of the call
    <T> @Nullable T invoke(Callable<T> call) throws Exception {
        slot = call;
        if (threadSleeps) {
            LockSupport.unpark(thread);
        }
        if (!spin(true)) {
            sleepingCaller = Thread.currentThread();
            while (slot != null) {
                LockSupport.park(this);
            }
            sleepingCaller = null;
        }
        Exception thrown = failure;
        if (thrown != null) {
            failure = null;
            throw thrown;
        }
        T value = (T) result;
        result = null;
        return value;
    }

    private void loop() {
        Callable<?> call;
        do {
            call = take();
            try {
                result = call.call();
            } catch (Exception e) {
                failure = e;
            }
            slot = null;
            Thread caller = sleepingCaller;
            if (caller != null) {
                LockSupport.unpark(caller);
            }
        } while (call != LAST);
    }

    private Callable<?> take() {
        Callable<?> call;
        if (!spin(false)) {
            threadSleeps = true;
            while (slot == null) {
                LockSupport.park(this);
            }
            threadSleeps = false;
        }
        while ((call = slot) == null) {
            Thread.onSpinWait();
        }
        return call;
    }

    /** Spins until the slot is empty, or full; false if that took too long. */
    private boolean spin(boolean untilEmpty) {
        long until = 0;
        for (int turn = 1; (slot == null) != untilEmpty; turn++) {
            if (turn % Threads.TURNS_PER_LOOK == 0) {
                long now = System.nanoTime();
                if (until == 0) {
                    until = now + Threads.SPIN_NANOS;
                } else if (now - until > 0) {
                    return false;
                }
            }
            Thread.onSpinWait();
        }
        return true;
    }

    @Override
    public void close() {
        slot = LAST;
        LockSupport.unpark(thread);
        Threads.join(thread);
    }

    /** Calls through a slot. */
    static final class Calls implements Way {
        private final SlotThread thread = new SlotThread();
        private final String text = ThreadWays.TEXT;
        private int number;

        @Override
        public long step() throws Exception {
            int captured = number++;
            String capturedToo = text;
            Integer result = thread.invoke(() -> captured + capturedToo.length());
            return result == null ? 0 : result;
        }

        @Override
        public void close() {
            thread.close();
        }
    }
}
