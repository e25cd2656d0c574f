// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one end of a connection that wait for their answers, and the credits that bound their number.
 *
 * <p>A ticket is a number that grows, with the index of its slot in the low bits: adding and taking are one
 * compare-and-set each, and a stale ticket finds another one in its slot, never somebody else's task. There are twice
 * as many slots as credits, so that a free one is found within a few steps.
 *
 * <p><b>Threads:</b> everything from any thread.
 *
 * @param <E> what is pending
 */
final class PendingTable<E extends PendingTable.Entry> {
    /** Something that is pending under a ticket. */
    interface Entry {
        /** The ticket; set before the entry is visible to others. */
        long ticket();

        /** Called once, by {@link PendingTable#add}, before the entry is visible to others. */
        void ticket(long ticket);
    }

    private final int credits;
    private final int mask;
    private final int bits;
    private final AtomicReferenceArray<@Nullable E> slots;
    private final ConcurrentHashMap<Long, E> beyond =
            new ConcurrentHashMap<>(); // where every slot is taken: nested calls
    private final AtomicLong sequence = new AtomicLong(1);
    private final AtomicInteger used = new AtomicInteger();

    PendingTable(int credits) {
        this.credits = credits;
        int capacity = Integer.highestOneBit(Math.max(8, 4 * credits - 1));
        this.mask = capacity - 1;
        this.bits = Integer.numberOfTrailingZeros(capacity);
        this.slots = new AtomicReferenceArray<>(capacity);
    }

    /** Takes a credit if there is one. */
    boolean tryCredit() {
        while (true) {
            int now = used.get();
            if (now >= credits) {
                return false;
            }
            if (used.compareAndSet(now, now + 1)) {
                return true;
            }
        }
    }

    /** Whether there is a credit now. */
    boolean hasCredit() {
        return used.get() < credits;
    }

    /** Takes a credit beyond the limit, for a request that must not wait: of the engine itself, or nested in another. */
    void forceCredit() {
        used.incrementAndGet();
    }

    /** Gives a credit back that was not used. */
    void returnCredit() {
        used.decrementAndGet();
    }

    /** Gives an entry a ticket and a slot; the caller holds a credit. */
    void add(E entry) {
        long number = sequence.getAndIncrement();
        for (int at = (int) number & mask, tries = 0; tries <= mask; at = at + 1 & mask, tries++) {
            if (slots.get(at) == null) {
                entry.ticket(number << bits | at);
                if (slots.compareAndSet(at, null, entry)) {
                    return;
                }
            }
        }
        entry.ticket(number << bits | number & mask);
        beyond.put(entry.ticket(), entry);
    }

    /** The entry of a ticket, which stays; null if there is none. */
    @Nullable
    E find(long ticket) {
        E entry = slots.get((int) ticket & mask);
        return entry != null && entry.ticket() == ticket ? entry : beyond.get(ticket);
    }

    /** Which one of all entries so far has a ticket, from 1 on: for people. */
    long number(long ticket) {
        return ticket >>> bits;
    }

    /** Takes the entry of a ticket out, and gives its credit back; null if there is none. */
    @Nullable
    E take(long ticket) {
        int at = (int) ticket & mask;
        E entry = slots.get(at);
        if (entry == null || entry.ticket() != ticket) {
            entry = beyond.isEmpty() ? null : beyond.remove(ticket);
        } else if (!slots.compareAndSet(at, entry, null)) {
            entry = null;
        }
        if (entry == null) {
            return null;
        }
        used.decrementAndGet();
        return entry;
    }

    /** Takes out every entry that is there. */
    void takeAll(Consumer<E> consumer) {
        for (int at = 0; at < slots.length(); at++) {
            E entry = slots.get(at);
            if (entry != null && slots.compareAndSet(at, entry, null)) {
                used.decrementAndGet();
                consumer.accept(entry);
            }
        }
        for (Long ticket : beyond.keySet()) {
            E entry = beyond.remove(ticket);
            if (entry != null) {
                used.decrementAndGet();
                consumer.accept(entry);
            }
        }
    }

    /** Looks at every entry that is there. */
    void forEach(Consumer<E> consumer) {
        for (int at = 0; at < slots.length(); at++) {
            E entry = slots.get(at);
            if (entry != null) {
                consumer.accept(entry);
            }
        }
        beyond.values().forEach(consumer);
    }

    /** Number of requests without an answer. */
    int size() {
        return used.get();
    }
}
