// SPDX-License-Identifier: Apache-2.0
package org.processional.cli.soak;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * What was begun and what ended.
 *
 * <p><b>Threads:</b> everything from any thread; sums are exact when nobody counts meanwhile.
 */
final class Ledger {
    /** What is counted besides tasks. */
    enum Thing {
        OBJECT("objects exported"),
        SEGMENT("segments"),
        SLAVE("slaves"),
        KILL("kills"),
        CLIENT("clients"),
        LARGE_BYTES("bytes of large values"),
        SHIPPED_CLASS("classes shipped");

        private final String words;

        Thing(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    private static final int MOST_TEXTS = 10;

    private final LongAdder sent = new LongAdder();
    private final Map<Outcome, LongAdder> ended = new EnumMap<>(Outcome.class);
    private final Map<Thing, LongAdder> things = new EnumMap<>(Thing.class);
    private final List<String> wrongs = new ArrayList<>(); // guarded by itself; the first few
    private final LongAdder wrong = new LongAdder();

    Ledger() {
        for (Outcome outcome : Outcome.values()) {
            ended.put(outcome, new LongAdder());
        }
        for (Thing thing : Thing.values()) {
            things.put(thing, new LongAdder());
        }
    }

    /** A task is about to be sent. */
    void sent() {
        sent.increment();
    }

    /** A task has ended. */
    void ended(Outcome outcome) {
        adder(ended, outcome).increment();
    }

    /** Something else happened. */
    void count(Thing thing) {
        add(thing, 1);
    }

    void add(Thing thing, long number) {
        adder(things, thing).add(number);
    }

    /** Something was not as it must be. */
    void wrong(String what) {
        wrong.increment();
        synchronized (wrongs) {
            if (wrongs.size() < MOST_TEXTS) {
                wrongs.add(what);
            }
        }
    }

    long sentTasks() {
        return sent.sum();
    }

    long endedTasks() {
        return ended.values().stream().mapToLong(LongAdder::sum).sum();
    }

    long of(Outcome outcome) {
        return adder(ended, outcome).sum();
    }

    long of(Thing thing) {
        return adder(things, thing).sum();
    }

    long wrongs() {
        return wrong.sum();
    }

    /** The first things that were wrong, in words. */
    List<String> wrongTexts() {
        synchronized (wrongs) {
            return List.copyOf(wrongs);
        }
    }

    private static <K extends Enum<K>> LongAdder adder(Map<K, LongAdder> adders, K key) {
        return java.util.Objects.requireNonNull(adders.get(key));
    }
}
