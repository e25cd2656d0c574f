// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How long to measure.
 *
 * @param forks JVMs, one after the other, in each of which everything is measured
 * @param rounds turns that each way has in a JVM
 * @param roundNanos length of a turn
 * @param warmUpNanos how long ours is warmed up in a JVM before the first turn; others have a share of it; 0 for none
 * @param grouped whether rows share a JVM where they can; all are warmed up there before the first is measured
 * @param last the last role that is measured: those that stand behind it are left out
 */
record Plan(int forks, int rounds, long roundNanos, long warmUpNanos, boolean grouped, Role last)
        implements Serializable {
    private static final long MILLI = 1_000_000;

    /** With a pause before each step, a turn has at least so many. */
    private static final int PAUSES = 4;

    /** What has nothing to do is watched as long as so many turns of others take, and not longer than 30 s. */
    private static final int IDLE_ROUNDS = 150;

    /** A way that starts JVMs takes this long for a step. */
    private static final long SPAWN_MILLIS = 300;

    /** A peer that is measured only where all is wanted takes this long to start. */
    private static final long MORE_MILLIS = 3000;

    /** About how long it takes to open a way and to close it: JVMs that several ways share are in the next. */
    private static final long OPEN_MILLIS = 40;

    /** About how long the JVMs of a fork take to start and to end. */
    static final long FORK_MILLIS = 4000;

    /** How much the quick plan may be in all, as planned: what a machine does is not as planned. */
    private static final long QUICK_MILLIS = 130_000;

    private static final long LONGEST_QUICK_WARM_UP_MILLIS = 3000;
    private static final long SHORTEST_QUICK_WARM_UP_MILLIS = 40;

    /** Turns of the quick plan, and what part of the warm-up each is. */
    private static final int QUICK_ROUNDS = 2;

    private static final int QUICK_ROUND_SHARE = 6;

    /**
     * 5 JVMs for each row. Compiled code is what counts, and it takes our invoke over sockets some 2.5 s from a cold start
     * of both JVMs until the last compilation, RMI 4 to 5 s (two processors).
     */
    static Plan full(boolean all) {
        return new Plan(5, 5, 200 * MILLI, 3000 * MILLI, false, all ? Role.MORE : Role.OTHER);
    }

    /**
     * Ends within 3 minutes: one JVM, in which all rows are warmed up one after the other and then measured, so that what
     * they share is compiled once. The more rows there are, the less time each has.
     */
    static Plan quick(boolean all, List<Row> rows) {
        long warmUp = LONGEST_QUICK_WARM_UP_MILLIS;
        Plan plan = quick(warmUp, all);
        while (plan.millis(rows) > QUICK_MILLIS && warmUp > SHORTEST_QUICK_WARM_UP_MILLIS) {
            warmUp -= warmUp / 20 + 1;
            plan = quick(warmUp, all);
        }
        return plan;
    }

    private static Plan quick(long warmUpMillis, boolean all) {
        long warmUp = warmUpMillis * MILLI;
        return new Plan(1, QUICK_ROUNDS, warmUp / QUICK_ROUND_SHARE, warmUp, true, all ? Role.MORE : Role.PEER);
    }

    /** The same without turns: to warm up alone. */
    Plan onlyWarmUp() {
        return new Plan(forks, 0, roundNanos, warmUpNanos, grouped, last);
    }

    /** The same without the warm-up. */
    Plan withoutWarmUp() {
        return new Plan(forks, rounds, roundNanos, 0, grouped, last);
    }

    /** How many turns each way of a row has. */
    int rounds(Row row) {
        return row.group().equals(Row.IDLE) ? Math.min(rounds, 1) : rounds;
    }

    long roundNanos(Row row) {
        if (row.group().equals(Row.IDLE)) {
            return Math.min(Idle.NANOS, roundNanos * IDLE_ROUNDS);
        }
        return Math.max(roundNanos, row.pauseMillis() * PAUSES * MILLI);
    }

    /** How long an entrant is warmed up: limits are little code; peers are much. */
    long warmUpNanos(Row row, Role role) {
        if (!row.isWarmedUp()) {
            return 0;
        }
        return switch (role) {
            case LIMIT -> warmUpNanos * 3 / 10;
            case FLOOR -> warmUpNanos * 6 / 10;
            case OURS -> warmUpNanos;
            case PEER, OTHER, MORE -> warmUpNanos * 15 / 10;
        };
    }

    /** What is measured of a row. */
    List<Entrant> entrants(Row row) {
        return row.entrants().stream()
                .filter(entrant -> entrant.role().compareTo(last) <= 0)
                .toList();
    }

    /** The rows that share a JVM. */
    Collection<List<Row>> groups(List<Row> rows) {
        Map<String, List<Row>> groups = new LinkedHashMap<>();
        for (Row row : rows) {
            String group = grouped ? row.widestGroup() : row.leastGroup();
            groups.computeIfAbsent(group, none -> new ArrayList<>()).add(row);
        }
        return groups.values();
    }

    /** About how long all takes, in ms. */
    long millis(List<Row> rows) {
        return forks
                * (rows.stream().mapToLong(this::millis).sum() + groups(rows).size() * FORK_MILLIS);
    }

    /** About how long a row takes in a JVM, in ms. */
    long millis(Row row) {
        return warmUpMillis(row) + roundsMillis(row);
    }

    /** How much of it is the warm-up. */
    long warmUpMillis(Row row) {
        long millis = 0;
        for (Entrant entrant : entrants(row)) {
            millis += OPEN_MILLIS + warmUpNanos(row, entrant.role()) / MILLI;
            if (entrant.role() == Role.MORE) {
                millis += MORE_MILLIS;
            }
        }
        return row.isWarmedUp() ? millis : 0;
    }

    /** How much of it are the turns. */
    long roundsMillis(Row row) {
        if (row.group().equals(Row.IDLE)) { // the first row of the group is watched for all of them
            return row.name().equals(Rows.FIRST_IDLE) ? 2 * roundNanos(row) / MILLI : 0;
        }
        long turn = row.group().equals(Row.SPAWN)
                ? SPAWN_MILLIS
                : roundNanos(row) / MILLI + (row.isWarmedUp() ? Sample.leadInNanos(roundNanos) / MILLI : 0);
        return entrants(row).size() * (OPEN_MILLIS + rounds * turn);
    }
}
