// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A few idle objects, for those who would otherwise make one for every message. Not a thread local: with virtual
 * threads there would be one for each of them. Not an array of atomic references: these need method handles, which cost
 * a cold JVM milliseconds.
 *
 * <p><b>Threads:</b> from any thread, without locks. An object belongs to whoever took it, until it is given back.
 *
 * @param <T> the objects
 */
final class Pool<T> {
    private static final int SLOTS = 4;

    /** For each slot a bit, set if an object is in it, and {@link #SLOTS} higher another, set while it is changed. */
    private final AtomicInteger state = new AtomicInteger();

    private final @Nullable Object[] idle = new Object[SLOTS]; // a slot belongs to whoever set its higher bit

    /** An idle object, or null if there is none at once. */
    @Nullable
    T take() {
        int now = state.get();
        int full = now & ~(now >>> SLOTS) & (1 << SLOTS) - 1;
        if (full == 0) {
            return null;
        }
        int slot = Integer.numberOfTrailingZeros(full);
        if (!state.compareAndSet(now, now ^ (1 << slot | 1 << slot + SLOTS))) {
            return null;
        }
        @SuppressWarnings("unchecked") // nothing else is put into it
        T taken = (T) idle[slot];
        idle[slot] = null;
        state.addAndGet(-(1 << slot + SLOTS));
        return taken;
    }

    /** Keeps an object, if there is room at once. */
    void give(T object) {
        int now = state.get();
        int empty = ~(now | now >>> SLOTS) & (1 << SLOTS) - 1;
        if (empty == 0) {
            return;
        }
        int slot = Integer.numberOfTrailingZeros(empty);
        if (state.compareAndSet(now, now | 1 << slot + SLOTS)) {
            idle[slot] = object;
            state.addAndGet((1 << slot) - (1 << slot + SLOTS));
        }
    }
}
