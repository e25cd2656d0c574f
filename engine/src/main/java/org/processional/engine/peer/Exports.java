// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.lang.invoke.MethodHandles;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.processional.Export;
import org.processional.ProxyException;

/**
 * The objects of this process that others hold proxies of, counted by receptions: each time the number of an object is
 * sent to a connection, its count there grows by one; a release gives back as many as were received. So a proxy in
 * flight keeps its object (RPyC counts like that). Numbers are random: a connection can only hold what it was given, by this
 * process or by one that has it, and cannot try for more.
 *
 * <p><b>Threads:</b> everything from any thread, under this one lock; nothing else is locked meanwhile.
 */
final class Exports {
    /** Those of this process. */
    static final Exports HERE = new Exports();

    /** Whether to remember where each object came from; costs a stack trace for each. */
    private static final boolean TRACED = Boolean.getBoolean("processional.traceExports");

    /** An object that is held. */
    static final class Entry {
        final long number;
        private final long serial; // of all entries, in their order
        final @Nullable Object object;
        final Home home;
        final MethodHandles.@Nullable Lookup lookup; // may call methods that the engine may not
        final @Nullable ClassLoader loader = Thread.currentThread().getContextClassLoader(); // of who made it
        private final long since = System.currentTimeMillis();
        private final @Nullable Throwable site = TRACED ? new Throwable("kept here") : null;
        private @Nullable String wanted; // the name that it gets when it is sent first; guarded by the table
        private int handles; // of this process; guarded by the table
        private int holds; // receptions of all connections, names, handles; guarded by the table

        private Entry(
                long number, long serial, @Nullable Object object, Home home, MethodHandles.@Nullable Lookup lookup) {
            this.number = number;
            this.serial = serial;
            this.object = object;
            this.home = home;
            this.lookup = lookup;
        }
    }

    /** What one connection holds. */
    static final class Held {
        private final Handshake.Partner holder;
        private final int most;
        private final Map<Long, Integer> counts = new HashMap<>(); // guarded by the table
        private int names; // that it has made, and that are there still; guarded by the table
        private boolean gone; // guarded by the table

        /**
         * Holds nothing yet.
         *
         * @param most how many objects it may hold, and how many names it may make
         */
        Held(Handshake.Partner holder, int most) {
            this.holder = holder;
            this.most = most;
        }
    }

    private final Map<Long, Entry> entries = new HashMap<>(); // guarded by this
    private final Map<String, Name> named = new TreeMap<>(); // guarded by this
    private final Set<Held> holders = new HashSet<>(); // guarded by this; those with counts
    private final ExportNumbers numbers = new ExportNumbers(); // guarded by this
    private long made; // guarded by this

    private Exports() {}

    /** An object that a name holds, and the connection that has named it. */
    private record Name(Entry entry, Held maker) {}

    /**
     * Makes an object ready to be sent. Until then the caller alone has it; when it is sent it takes its name, if one is
     * given: if it cannot be sent, the name stays with what has it.
     */
    synchronized Entry keep(@Nullable String name, @Nullable Object object, Home home) {
        Entry entry = make(object, home, null);
        entry.wanted = name;
        return entry;
    }

    /** Keeps an object for a handle of this process. */
    synchronized Entry export(Object object, Home home, MethodHandles.@Nullable Lookup lookup) {
        Entry entry = make(object, home, lookup);
        entries.put(entry.number, entry);
        entry.handles++;
        entry.holds++;
        return entry;
    }

    private Entry make(@Nullable Object object, Home home, MethodHandles.@Nullable Lookup lookup) { // guarded by this
        Chains.use();
        long number = numbers.next();
        while (entries.containsKey(number)) {
            number = numbers.next();
        }
        made++;
        return new Entry(number, made, object, home, lookup);
    }

    private void name(String name, Entry entry, Held maker) { // guarded by this
        entry.holds++;
        maker.names++;
        unnamed(named.put(name, new Name(entry, maker)));
    }

    private void unnamed(@Nullable Name before) { // guarded by this
        if (before != null) {
            before.maker.names--;
            drop(before.entry, 1);
        }
    }

    /** A handle of this process is gone. */
    synchronized void letGo(Entry entry) {
        entry.handles--;
        drop(entry, 1);
    }

    /**
     * Counts a reception by a connection; the object takes the name that it was to get.
     *
     * @return the number to send
     * @throws ProxyException if the connection holds as many objects, or made as many names, as it may
     */
    synchronized long sent(Held held, Entry entry) {
        if (held.gone) {
            drop(entry, 0);
            return entry.number;
        }
        requireRoom(held, entry);
        entries.put(entry.number, entry); // it may have been released, and be here still in somebody's hands
        holders.add(held);
        held.counts.merge(entry.number, 1, Integer::sum);
        entry.holds++;
        if (entry.wanted != null) {
            name(entry.wanted, entry, held);
            entry.wanted = null;
        }
        return entry.number;
    }

    private void requireRoom(Held held, Entry entry) { // guarded by this
        String who = " for process " + held.holder.pid() + ", as many as its limit exports allows; ";
        if (held.counts.size() >= held.most && !held.counts.containsKey(entry.number)) {
            drop(entry, 0); // if nobody else has it
            throw new ProxyException("process " + Identity.PID + " keeps " + held.counts.size() + " objects" + who
                    + "close proxies that are not needed, or raise it");
        }
        Name before = entry.wanted == null ? null : named.get(entry.wanted);
        boolean isNew = entry.wanted != null && (before == null || before.maker != held);
        if (isNew && held.names >= held.most) {
            throw new ProxyException("process " + Identity.PID + " keeps " + held.names + " names" + who
                    + "remove names that are not needed, or raise it; \"" + entry.wanted + "\" is not one more");
        }
    }

    /** Counts a reception by a connection that got the number from a third process. */
    synchronized void retain(Held held, long number) {
        sent(held, find(number));
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
            if (held.counts.isEmpty()) {
                holders.remove(held);
            }
        } else {
            held.counts.put(number, had - back);
        }
        drop(entry, back);
    }

    /** A connection has ended. */
    synchronized void releaseAll(Held held) {
        held.gone = true;
        holders.remove(held);
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
    private Entry find(long number) { // guarded by this
        Entry entry = entries.get(number);
        if (entry == null) {
            throw released(number);
        }
        return entry;
    }

    /** The object of a number, which a connection holds. */
    Entry find(Held by, long number) {
        Entry entry = held(by, number);
        if (entry == null) {
            throw released(number);
        }
        return entry;
    }

    static ProxyException released(long number) {
        return new ProxyException("object " + number + " of process " + Identity.PID
                + " was released: its last proxy was closed or dropped; keep the proxy open as long as it is used");
    }

    /** Where functions on an object run; null if the connection does not hold it. */
    @Nullable
    Home home(Held by, long number) {
        Entry entry = held(by, number);
        return entry == null ? null : entry.home;
    }

    /** The object of a number, if a connection holds it. */
    synchronized @Nullable Entry held(Held by, long number) {
        return by.counts.containsKey(number) ? entries.get(number) : null;
    }

    /** The object of a name. */
    synchronized Entry named(String name) {
        Name found = named.get(name);
        if (found == null) {
            throw new ProxyException("no object is named \"" + name + "\" in process " + Identity.PID + "; there are "
                    + named.keySet() + "; publish it with wrap(name, ...)");
        }
        return found.entry;
    }

    /** The names there are. */
    synchronized Set<String> names() {
        return new TreeSet<>(named.keySet());
    }

    /** Takes a name away. */
    synchronized boolean remove(String name) {
        Name found = named.remove(name);
        unnamed(found);
        return found != null;
    }

    /** How many are held. */
    synchronized int size() {
        return entries.size();
    }

    /** What is held, the oldest first, and by whom. */
    synchronized List<Export> list() {
        List<Export> all = new ArrayList<>();
        List<Entry> oldestFirst = new ArrayList<>(entries.values());
        oldestFirst.sort(Comparator.comparingLong(entry -> entry.serial));
        for (Entry entry : oldestFirst) {
            all.add(new Export(
                    entry.number,
                    entry.object == null ? "null" : entry.object.getClass().getName(),
                    namesOf(entry),
                    holdersOf(entry),
                    Instant.ofEpochMilli(entry.since),
                    entry.site == null ? List.of() : frames(entry.site)));
        }
        return all;
    }

    private List<String> namesOf(Entry entry) { // guarded by this
        List<String> names = new ArrayList<>();
        named.forEach((name, holder) -> {
            if (holder.entry == entry) {
                names.add(name);
            }
        });
        return names;
    }

    private List<Export.Holder> holdersOf(Entry entry) { // guarded by this
        List<Export.Holder> found = new ArrayList<>();
        if (entry.handles > 0) {
            found.add(new Export.Holder(Identity.ID, Identity.PID, entry.handles));
        }
        for (Held held : holders) {
            Integer count = held.counts.get(entry.number);
            if (count != null) {
                found.add(new Export.Holder(held.holder.id(), held.holder.pid(), count));
            }
        }
        return found;
    }

    private static List<String> frames(Throwable site) {
        List<String> frames = new ArrayList<>();
        for (StackTraceElement frame : site.getStackTrace()) {
            frames.add(frame.toString());
        }
        return frames;
    }
}
