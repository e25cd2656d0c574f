// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A few idle objects, for those who would otherwise make one for every message. Not a thread local: with virtual
 * threads there would be one for each of them.
 *
 * <p><b>Threads:</b> from any thread, without locks. An object belongs to whoever took it, until it is given back.
 *
 * @param <T> the objects
 */
final class Pool<T> {
    private static final int SLOTS = 4;

    private final AtomicReferenceArray<@Nullable T> idle = new AtomicReferenceArray<>(SLOTS);

    /** An idle object, or null if there is none. */
    @Nullable
    T take() {
        for (int i = 0; i < SLOTS; i++) {
            if (idle.getPlain(i) != null) {
                T taken = idle.getAndSet(i, null);
                if (taken != null) {
                    return taken;
                }
            }
        }
        return null;
    }

    /** Keeps an object, if there is room. */
    void give(T object) {
        for (int i = 0; i < SLOTS; i++) {
            if (idle.getPlain(i) == null && idle.compareAndSet(i, null, object)) {
                return;
            }
        }
    }
}
