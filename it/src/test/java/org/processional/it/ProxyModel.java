// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.processional.Proxy;
import org.processional.SlaveProcess;

/**
 * Who holds what, as it should be.
 *
 * <p><b>Threads:</b> everything from any thread, under this one lock; the test waits for nothing with it.
 */
final class ProxyModel {
    private static final int LOGGED = 30;
    private static final Pattern NUMBER = Pattern.compile("proxy of object (\\d+) of .*");

    /** Of a process. */
    enum State {
        LIVE,
        DYING,
        DEAD
    }

    /** One life of a process. */
    static final class Place {
        final int index;
        final SlaveProcess process; // null: this one
        final String id;
        final Proxy<Vault> vault; // of this process
        final Map<Long, Handle> handles = new TreeMap<>(); // guarded by the model
        State state = State.LIVE; // guarded by the model

        Place(int index, SlaveProcess process, String id, Proxy<Vault> vault) {
            this.index = index;
            this.process = process;
            this.id = id;
            this.vault = vault;
        }

        long pid() {
            return process == null ? ProcessHandle.current().pid() : process.pid();
        }

        @Override
        public String toString() {
            return index + "";
        }
    }

    /** An object that can be called. */
    record Item(Place owner, long number, long id, boolean exported) {
        @Override
        public String toString() {
            return "object " + number + " of " + owner + (exported ? ", exported" : "");
        }
    }

    /** A proxy that a process keeps. */
    static final class Handle {
        final long id;
        final Item item;
        final Place at;
        final boolean counts; // whether it holds the object: not if it has come home
        boolean sure = true; // guarded by the model; whether it is there: not if a process died meanwhile
        int users; // guarded by the model

        Handle(long id, Item item, Place at, boolean counts) {
            this.id = id;
            this.item = item;
            this.at = at;
            this.counts = counts;
        }

        @Override
        public String toString() {
            return "handle " + id + " at " + at + " (" + item + ")";
        }
    }

    private final Place[] places = new Place[3]; // guarded by this
    private final Deque<String> log = new ArrayDeque<>(); // guarded by this
    private long next = 1; // guarded by this

    synchronized long nextId() {
        return next++;
    }

    synchronized void log(String step) {
        if (log.size() == LOGGED) {
            log.remove();
        }
        log.add(Thread.currentThread().getName() + ": " + step);
    }

    synchronized String lastSteps() {
        return String.join("\n", log);
    }

    /** The number of an object, as a proxy of it tells. */
    static long number(Proxy<?> proxy) {
        Matcher matcher = NUMBER.matcher(proxy.toString());
        if (!matcher.matches()) {
            throw new IllegalStateException("" + proxy);
        }
        return Long.parseLong(matcher.group(1));
    }

    // ---- processes

    synchronized void live(Place place) {
        places[place.index] = place;
    }

    synchronized Place master() {
        return places[0];
    }

    /** The processes that live. */
    synchronized List<Place> places() {
        List<Place> all = new ArrayList<>();
        for (Place place : places) {
            if (place != null && place.state == State.LIVE) {
                all.add(place);
            }
        }
        return all;
    }

    synchronized Place slave(Random random) {
        List<Place> all = places();
        return all.get(1 + random.nextInt(all.size() - 1));
    }

    /** Chooses the slave that dies; null if one does so already. */
    synchronized Place dying(Random random) {
        if (places().size() < 3) {
            return null;
        }
        Place place = slave(random);
        place.state = State.DYING;
        return place;
    }

    synchronized void dead(Place place) {
        place.state = State.DEAD;
    }

    synchronized boolean areLive(Set<Place> all) {
        return all.stream().allMatch(place -> place.state == State.LIVE);
    }

    synchronized boolean isOneDead(Set<Place> all) {
        return all.stream().anyMatch(place -> place.state == State.DEAD);
    }

    // ---- handles

    /** A handle that is surely there, to be used and given back; null if there is none. */
    synchronized Handle use(Random random, Predicate<Handle> which) {
        Handle handle = find(random, which);
        if (handle != null) {
            handle.users++;
        }
        return handle;
    }

    synchronized void unuse(Iterable<Handle> handles) {
        for (Handle handle : handles) {
            if (handle != null) {
                handle.users--;
            }
        }
    }

    /** Takes away a handle that nobody uses now; null if there is none. */
    synchronized Handle take(Random random) {
        Handle handle = find(random, each -> each.users == 0);
        if (handle != null) {
            handle.at.handles.remove(handle.id);
        }
        return handle;
    }

    private Handle find(Random random, Predicate<Handle> which) { // guarded by this
        List<Handle> all = new ArrayList<>();
        for (Place place : places()) {
            place.handles.values().stream()
                    .filter(handle -> handle.sure && which.test(handle))
                    .forEach(all::add);
        }
        return all.isEmpty() ? null : all.get(random.nextInt(all.size()));
    }

    synchronized void add(Handle handle, boolean sure) {
        handle.sure = sure;
        handle.at.handles.put(handle.id, handle);
    }

    /** A process tells which of the handles that may be there are: now they are sure, or gone. */
    synchronized void settle(Place place, Set<Long> there) {
        place.handles.values().removeIf(handle -> !handle.sure && !there.contains(handle.id));
        place.handles.values().forEach(handle -> handle.sure = true);
    }

    synchronized void clear() {
        for (Place place : places()) {
            place.handles.clear();
        }
    }

    private static boolean isThere(Handle handle, Map<Place, Set<Long>> there) {
        return handle.sure || there.get(handle.at).contains(handle.id);
    }

    /** The handles that a process keeps. */
    synchronized Set<Long> handles(Place place, Map<Place, Set<Long>> there) {
        Set<Long> all = new TreeSet<>();
        for (Handle handle : place.handles.values()) {
            if (isThere(handle, there)) {
                all.add(handle.id);
            }
        }
        return all;
    }

    /**
     * The objects of a process that others hold: by number, how often which process does.
     *
     * @param there which handles there are, for those that may be there
     */
    synchronized Map<Long, Map<String, Integer>> held(Place owner, Map<Place, Set<Long>> there) {
        Map<Long, Map<String, Integer>> all = new TreeMap<>();
        for (Place place : places()) {
            if (owner.process == null
                    || place != owner) { // the master exported its vault, and wrapped those of the slaves
                count(all, number(owner.vault), place);
            }
            for (Handle handle : place.handles.values()) {
                if (handle.item.owner == owner && handle.counts && isThere(handle, there)) {
                    count(all, handle.item.number, place);
                }
            }
        }
        return all;
    }

    private static void count(Map<Long, Map<String, Integer>> all, long number, Place holder) {
        all.computeIfAbsent(number, n -> new TreeMap<>()).merge(holder.index + "", 1, Integer::sum);
    }
}
