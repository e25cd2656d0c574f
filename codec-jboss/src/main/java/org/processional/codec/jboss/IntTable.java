// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;

/**
 * A map from numbers to objects that only grows, for dictionaries that are read all the time and written now and then.
 *
 * <p><b>Threads:</b> {@code get} from any thread without a lock; {@code putIfAbsent} from any thread. What was put is
 * visible to whoever gets it.
 *
 * @param <V> the objects
 */
final class IntTable<V> {
    private final ReentrantLock lock = new ReentrantLock();
    private final int limit;
    private volatile AtomicReferenceArray<@Nullable Entry<V>> slots = new AtomicReferenceArray<>(32);
    private int size; // guarded by lock

    private record Entry<V>(int key, V value) {}

    /**
     * Makes an empty table.
     *
     * @param limit how many entries it takes
     */
    IntTable(int limit) {
        this.limit = limit;
    }

    @Nullable
    V get(int key) {
        AtomicReferenceArray<@Nullable Entry<V>> from = slots;
        int mask = from.length() - 1;
        for (int at = spread(key) & mask; ; at = at + 1 & mask) {
            Entry<V> entry = from.get(at);
            if (entry == null) {
                return null;
            }
            if (entry.key == key) {
                return entry.value;
            }
        }
    }

    /**
     * Puts an object, unless there is one.
     *
     * @return the one that is in the table now
     * @throws CodecException if the table is full
     */
    V putIfAbsent(int key, V value) {
        lock.lock();
        try {
            V present = get(key);
            if (present != null) {
                return present;
            }
            if (size >= limit) {
                throw new CodecException("more than " + limit + " definitions on one connection; open a new one");
            }
            if (++size > slots.length() / 2) {
                grow();
            }
            insert(slots, new Entry<>(key, value));
            return value;
        } finally {
            lock.unlock();
        }
    }

    private void grow() {
        AtomicReferenceArray<@Nullable Entry<V>> from = slots;
        AtomicReferenceArray<@Nullable Entry<V>> to = new AtomicReferenceArray<>(2 * from.length());
        for (int i = 0; i < from.length(); i++) {
            Entry<V> entry = from.get(i);
            if (entry != null) {
                insert(to, entry);
            }
        }
        slots = to;
    }

    private static <V> void insert(AtomicReferenceArray<@Nullable Entry<V>> to, Entry<V> entry) {
        int mask = to.length() - 1;
        int at = spread(entry.key) & mask;
        while (to.get(at) != null) {
            at = at + 1 & mask;
        }
        to.set(at, entry);
    }

    private static int spread(int key) {
        int mixed = key * 0x9E3779B9;
        return mixed ^ mixed >>> 16;
    }
}
