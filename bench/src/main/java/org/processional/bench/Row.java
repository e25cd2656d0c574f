// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.util.List;
import java.util.Optional;

/**
 * A thing to measure, and those that are compared.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param name such as {@code thread.invoke}
 * @param group rows that can share a JVM, and a slave with it: {@code thread}, {@code unix}, {@code shm}, {@code tcp},
 *     {@code spawn}, {@code codec}, {@code idle} or {@code one-core}
 * @param figure what of it is compared
 * @param operations how many operations a step of each way is
 * @param pauseMillis how long to sleep before each step
 * @param entrants one of each role, but for {@link Role#OTHER} and {@link Role#MORE}; ours is always there
 * @param targets what it must reach
 */
record Row(
        String name,
        String group,
        Figure figure,
        int operations,
        long pauseMillis,
        List<Entrant> entrants,
        List<Target> targets) {
    /** The group of the rows that start JVMs. */
    static final String SPAWN = "spawn";

    /** The group of the rows that watch JVMs which have nothing to do, all at once. */
    static final String IDLE = "idle";

    /** The group of the rows for which all has one processor. */
    static final String ONE_CORE = "one-core";

    /** Operations of a step that is a batch. */
    static final int BATCH = 1000;

    /** The group of the rows of the codec, which need no other JVM. */
    static final String CODEC = "codec";

    /** What is compared. */
    enum Figure {
        /** The median time of an operation, in µs: less is better. */
        TIME("us", false),
        /** Operations per second: more is better. */
        RATE("/s", true),
        /** Memory, in kB: less is better. Its ways record bytes in place of ns. */
        MEMORY("kB", false);

        private final String unit;
        private final boolean moreIsBetter;

        Figure(String unit, boolean moreIsBetter) {
            this.unit = unit;
            this.moreIsBetter = moreIsBetter;
        }

        String unit() {
            return unit;
        }

        double of(Sample sample) {
            return this == RATE ? sample.perSecond() : sample.micros();
        }

        /** How many times worse one figure is than another. */
        double timesWorse(double figure, double than) {
            return moreIsBetter ? than / figure : figure / than;
        }
    }

    /** Takes copies. */
    Row {
        entrants = List.copyOf(entrants);
        targets = List.copyOf(targets);
    }

    /** One without targets. */
    Row(String name, String group, Figure figure, int operations, long pauseMillis, List<Entrant> entrants) {
        this(name, group, figure, operations, pauseMillis, entrants, List.of());
    }

    /** The same, with what it must reach. */
    Row must(Target... wanted) {
        return new Row(name, group, figure, operations, pauseMillis, entrants, List.of(wanted));
    }

    /** A row of single operations, whose times are compared. */
    static Row times(String name, String group, Entrant... entrants) {
        return new Row(name, group, Figure.TIME, 1, 0, List.of(entrants));
    }

    /** A row of batches, whose rates are compared. */
    static Row rates(String name, String group, int operations, Entrant... entrants) {
        return new Row(name, group, Figure.RATE, operations, 0, List.of(entrants));
    }

    /** Whether it is warmed up: not where each step begins anew. */
    boolean isWarmedUp() {
        return !group.equals(SPAWN) && !group.equals(IDLE);
    }

    /** The rows that can share a JVM if need be: all of those that are warmed up, on the same processors. */
    String widestGroup() {
        return isWarmedUp() && !group.equals(ONE_CORE) ? "calls" : group;
    }

    /** The rows that always share a JVM. */
    String leastGroup() {
        return group.equals(IDLE) ? group : name;
    }

    /** The first of a role. */
    Optional<Entrant> entrant(Role role) {
        return entrants.stream().filter(entrant -> entrant.role() == role).findFirst();
    }

    /** Opens the way of a role by itself, with JVMs of its own. */
    Way open(Role role) throws Exception {
        Entrant entrant = entrant(role)
                .orElseThrow(() -> new IllegalArgumentException(name + " has no " + role + "; it has "
                        + entrants.stream().map(Entrant::role).toList()));
        Pair pair = new Pair();
        try {
            return new Alone(pair, entrant.maker().make(pair));
        } catch (Exception e) {
            pair.close();
            throw e;
        }
    }

    /** A way with the JVMs that only it uses. */
    private record Alone(Pair pair, Way way) implements Way {
        @Override
        public void begin() {
            way.begin();
        }

        @Override
        public long step() throws Exception {
            return way.step();
        }

        @Override
        public void run(long nanos, long pause, org.HdrHistogram.Histogram times) throws Exception {
            way.run(nanos, pause, times);
        }

        @Override
        public void end() {
            way.end();
        }

        @Override
        public void close() {
            try (pair) {
                way.close();
            }
        }
    }
}
