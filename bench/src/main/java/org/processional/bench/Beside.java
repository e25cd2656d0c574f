// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Setup;

/**
 * The limit and the floor of a row, measured before each iteration of a JMH bench, in its fork, and shown as secondary
 * results by the public methods of each subclass (JMH does not look for them here): a figure of one moment is not compared with a limit of another.
 */
public abstract class Beside {
    private static final long NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private Sample limit = new Sample(0, 0);
    private Sample floor = new Sample(0, 0);

    private final Row row;

    Beside(Row row) {
        this.row = row;
    }

    /** Measures both. */
    @Setup(Level.Iteration)
    public void measure() throws Exception {
        limit = sample(Role.LIMIT);
        floor = sample(Role.FLOOR);
    }

    private Sample sample(Role role) throws Exception {
        try (Way way = row.open(role)) {
            return Sample.of(way, row.operations(), NANOS);
        }
    }

    Sample limitSample() {
        return limit;
    }

    Sample floorSample() {
        return floor;
    }
}
