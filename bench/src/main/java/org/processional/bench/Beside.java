// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.util.concurrent.TimeUnit;

/**
 * The limit and the floor of a row, measured before each iteration of a JMH bench, in its fork, and shown as secondary
 * results by the public methods of each subclass (JMH does not look for them here): a figure of one moment is not compared with a limit of another.
 */
public abstract class Beside {
    private static final long NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private Sample limit = new Sample(0, 0, 0, 0, 0, 0);
    private Sample floor = new Sample(0, 0, 0, 0, 0, 0);

    /** For subclasses. */
    Beside() {}

    /** Measures both; called by the subclass, which knows the row, before each iteration. */
    void measure(Row row) throws Exception {
        limit = sample(row, Role.LIMIT);
        floor = sample(row, Role.FLOOR);
    }

    private static Sample sample(Row row, Role role) throws Exception {
        if (row.entrant(role).isEmpty()) {
            return new Sample(0, 0, 0, 0, 0, 0);
        }
        try (Way way = row.open(role)) {
            return Sample.of(way, row, NANOS);
        }
    }

    Sample limitSample() {
        return limit;
    }

    Sample floorSample() {
        return floor;
    }
}
