// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;

/**
 * A map from numbers to objects that only grows, for dictionaries that are read all the time and written now and then.
 *
 * <p><b>Threads:</b> {@code get} from any thread; it takes the lock only if it does not see an entry, which may have
 * been put by another thread just now. {@code putIfAbsent} from any thread. Entries are immutable, so that they may be
 * seen without order; an array of atomic references would need method handles, which cost a cold JVM milliseconds.
 *
 * @param <V> the objects
 */
final class IntTable<V> {
    private final ReentrantLock lock = new ReentrantLock();
    private final int limit;
    private final int factor =
            ThreadLocalRandom.current().nextInt() | 1; // or the other end could choose keys that meet
    private volatile @Nullable Entry<?>[] slots = new Entry<?>[32]; // elements and array are written under the lock
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
        V seen = find(key);
        if (seen != null) {
            return seen;
        }
        lock.lock();
        try {
            return find(key);
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("unchecked") // nothing else is put into it
    private @Nullable V find(int key) {
        @Nullable Entry<?>[] from = slots;
        int mask = from.length - 1;
        for (int at = spread(key) & mask; ; at = at + 1 & mask) {
            Entry<?> entry = from[at];
            if (entry == null) {
                return null;
            }
            if (entry.key == key) {
                return (V) entry.value;
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
            V present = find(key);
            if (present != null) {
                return present;
            }
            if (size >= limit) {
                throw new CodecException("more than " + limit + " definitions on one connection; open a new one");
            }
            if (++size > slots.length / 2) {
                grow();
            }
            insert(slots, new Entry<>(key, value));
            return value;
        } finally {
            lock.unlock();
        }
    }

    private void grow() {
        @Nullable Entry<?>[] to = new Entry<?>[2 * slots.length];
        for (Entry<?> entry : slots) {
            if (entry != null) {
                insert(to, entry);
            }
        }
        slots = to;
    }

    private void insert(@Nullable Entry<?>[] to, Entry<?> entry) {
        int mask = to.length - 1;
        int at = spread(entry.key) & mask;
        while (to[at] != null) {
            at = at + 1 & mask;
        }
        to[at] = entry;
    }

    private int spread(int key) {
        int mixed = key * factor;
        return mixed ^ mixed >>> 16;
    }
}
