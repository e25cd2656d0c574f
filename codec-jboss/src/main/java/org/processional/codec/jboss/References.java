// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one body that have an identity, by their index, while the body is written.
 *
 * <p>Objects that cannot be made before their contents (lambdas, records, immutable collections) are <em>open</em> while
 * these are written.
 *
 * <p><b>Threads:</b> one thread at a time.
 */
final class References {
    /** Up to here a walk over all of them is faster than a hash table. */
    private static final int FEW = 8;

    private static final int KEPT = 1024;

    private @Nullable Object[] objects = new Object[FEW];
    private int count;
    private int[] table = new int[0]; // index + 1 by identity, 0 for none; in use from more than FEW objects
    private @Nullable Object[] open = new Object[4];
    private int opened;

    /** The index of an object, or -1. */
    int find(Object object) {
        if (count <= FEW) {
            for (int i = 0; i < count; i++) {
                if (objects[i] == object) {
                    return i;
                }
            }
            return -1;
        }
        int mask = table.length - 1;
        for (int at = System.identityHashCode(object) & mask; ; at = at + 1 & mask) {
            int index = table[at] - 1;
            if (index < 0 || objects[index] == object) {
                return index;
            }
        }
    }

    /** Gives the next index to an object that has none. */
    void add(Object object) {
        if (count == objects.length) {
            objects = Arrays.copyOf(objects, 2 * count);
        }
        objects[count++] = object;
        if (count > FEW) {
            if (count == FEW + 1 || 2 * count > table.length) {
                rehash();
            } else {
                insert(count - 1);
            }
        }
    }

    private void rehash() {
        int size = Integer.highestOneBit(count) * 8;
        if (table.length < size) {
            table = new int[size];
        } else {
            Arrays.fill(table, 0); // of a body before
        }
        for (int i = 0; i < count; i++) {
            insert(i);
        }
    }

    private void insert(int index) {
        int mask = table.length - 1;
        int at = System.identityHashCode(objects[index]) & mask;
        while (table[at] != 0) {
            at = at + 1 & mask;
        }
        table[at] = index + 1;
    }

    /** Says that the contents of an object come next. */
    void open(Object object) {
        if (opened == open.length) {
            open = Arrays.copyOf(open, 2 * opened);
        }
        open[opened++] = object;
    }

    /** Says that the object that was opened last is complete. */
    void close() {
        open[--opened] = null;
    }

    /** Whether an object is not complete. */
    boolean isOpen(Object object) {
        for (int i = opened - 1; i >= 0; i--) {
            if (open[i] == object) {
                return true;
            }
        }
        return false;
    }

    /** Forgets all objects, and the room for very many. */
    void clear() {
        if (objects.length > KEPT || open.length > KEPT) {
            objects = new Object[FEW];
            table = new int[0];
            open = new Object[4];
        } else {
            Arrays.fill(objects, 0, count, null);
            Arrays.fill(open, 0, opened, null);
        }
        count = 0;
        opened = 0;
    }
}
