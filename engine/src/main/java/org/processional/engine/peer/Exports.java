// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.processional.ProxyException;

/**
 * The objects of this process that others hold proxies of, counted by receptions: each time the number of an object is
 * sent to a connection, its count there grows by one; a release gives back as many as were received. So a proxy in
 * flight keeps its object. Numbers are never used again.
 *
 * <p><b>Threads:</b> everything from any thread, under this one lock; nothing else is locked meanwhile.
 */
public final class Exports {
    /** An object that is held. */
    static final class Entry {
        final long number;
        final @Nullable Object object;
        int holds; // receptions of all connections, and 1 for a name; guarded by the table

        Entry(long number, @Nullable Object object) {
            this.number = number;
            this.object = object;
        }
    }

    /** What one connection holds. */
    static final class Held {
        private final Map<Long, Integer> counts = new HashMap<>(); // guarded by the table
        private @Nullable Exports table; // written under the table's lock
        private boolean gone; // guarded by the table

        /** The connection has ended. */
        void releaseAll() {
            Exports from = table;
            if (from != null) {
                from.releaseAll(this);
            }
        }
    }

    private final Map<Long, Entry> entries = new HashMap<>(); // guarded by this
    private final Map<String, Entry> named = new TreeMap<>(); // guarded by this
    private long next = 1; // guarded by this

    /** Keeps an object, under a name if one is given. Until it is sent or named it is held by the caller. */
    synchronized Entry keep(@Nullable String name, @Nullable Object object) {
        Entry entry = new Entry(next++, object);
        entries.put(entry.number, entry);
        if (name != null) {
            entry.holds++;
            Entry before = named.put(name, entry);
            if (before != null) {
                drop(before, 1);
            }
        }
        return entry;
    }

    /** Counts a reception by a connection; returns the number to send. */
    synchronized long sent(Held held, Entry entry) {
        if (held.gone) {
            drop(entry, 0);
            return entry.number;
        }
        held.table = this;
        held.counts.merge(entry.number, 1, Integer::sum);
        entry.holds++;
        return entry.number;
    }

    /** Gives back what a connection received. */
    synchronized void release(Held held, long number, int count) {
        Integer had = held.counts.get(number);
        Entry entry = entries.get(number);
        if (had == null || entry == null) {
            return;
        }
        int back = Math.min(had, count);
        if (back == had) {
            held.counts.remove(number);
        } else {
            held.counts.put(number, had - back);
        }
        drop(entry, back);
    }

    private synchronized void releaseAll(Held held) {
        held.gone = true;
        for (Map.Entry<Long, Integer> count : held.counts.entrySet()) {
            Entry entry = entries.get(count.getKey());
            if (entry != null) {
                drop(entry, count.getValue());
            }
        }
        held.counts.clear();
    }

    private void drop(Entry entry, int holds) { // guarded by this
        entry.holds -= holds;
        if (entry.holds <= 0) {
            entries.remove(entry.number);
        }
    }

    /** The object of a number. */
    synchronized Entry find(long number) {
        Entry entry = entries.get(number);
        if (entry == null) {
            throw new ProxyException("object " + number + " of process " + Identity.PID
                    + " was released: its last proxy was closed or dropped; keep the proxy open as long as it is used");
        }
        return entry;
    }

    /** The object of a name. */
    synchronized Entry named(String name) {
        Entry entry = named.get(name);
        if (entry == null) {
            throw new ProxyException("no object is named \"" + name + "\" in process " + Identity.PID + "; there are "
                    + named.keySet() + "; publish it with wrap(name, ...)");
        }
        return entry;
    }

    /** The names there are. */
    synchronized Set<String> names() {
        return new TreeSet<>(named.keySet());
    }

    /** Takes a name away. */
    synchronized boolean remove(String name) {
        Entry entry = named.remove(name);
        if (entry != null) {
            drop(entry, 1);
        }
        return entry != null;
    }

    /** Number of objects that are held. */
    synchronized int size() {
        return entries.size();
    }
}
