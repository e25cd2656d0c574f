// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.io.Serializable;
import java.util.List;

/**
 * How long to measure.
 *
 * @param forks JVMs, one after the other, in each of which everything is measured
 * @param rounds turns that each way has in a JVM
 * @param roundNanos length of a turn
 * @param warmUpNanos length of the one turn before, which does not count; 0 for none
 * @param grouped whether the rows of a group share a JVM
 * @param all whether what takes long to start is measured too
 */
record Plan(int forks, int rounds, long roundNanos, long warmUpNanos, boolean grouped, boolean all)
        implements Serializable {
    private static final long MILLI = 1_000_000;

    /** With a pause before each step, a turn has at least so many. */
    private static final int PAUSES = 4;

    /** A way that starts JVMs takes this long for a step. */
    private static final long SPAWN_MILLIS = 300;

    /** A peer that is measured only where all is wanted takes this long to start. */
    private static final long MORE_MILLIS = 3000;

    /** 5 JVMs for each row. */
    static Plan full(boolean all) {
        return new Plan(5, 5, 200 * MILLI, 1500 * MILLI, false, all);
    }

    /** Ends within 3 minutes, on a quiet machine even with all rows. */
    static Plan quick(boolean all, List<Row> rows) {
        long ways = rows.stream().mapToLong(row -> row.entrants().size()).sum();
        long millis = Math.max(80, Math.min(600, 40_000 / Math.max(1, ways)));
        return new Plan(2, 2, millis / 4 * MILLI, millis / 2 * MILLI, true, all);
    }

    long roundNanos(Row row) {
        return Math.max(roundNanos, row.pauseMillis() * PAUSES * MILLI);
    }

    /** What is measured of a row. */
    List<Entrant> entrants(Row row) {
        return row.entrants().stream()
                .filter(entrant -> all || entrant.role() != Role.MORE)
                .toList();
    }

    /** About how long a row takes in a JVM, in ms; for the time left. */
    long millis(Row row) {
        if (row.group().equals("spawn")) {
            return SPAWN_MILLIS * rounds * entrants(row).size();
        }
        long warmUp = row.isWarmedUp() ? warmUpNanos : 0;
        long more = entrants(row).stream()
                .filter(entrant -> entrant.role() == Role.MORE)
                .count();
        return entrants(row).size() * (warmUp + rounds * roundNanos(row)) / MILLI + more * MORE_MILLIS;
    }
}
