// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A row as a JMH bench: opens the way that is asked for, and closes it. */
@State(Scope.Thread)
public abstract class RowBench {
    /** Which way: the name of a {@link Role}. */
    @Param({"OURS", "PEER"})
    public String role = Role.OURS.name();

    private @Nullable Way way;

    /** For subclasses. */
    RowBench() {}

    /** The row. */
    abstract Row row();

    /** Opens the way. */
    @Setup(Level.Trial)
    public void open() throws Exception {
        way = row().open(Role.valueOf(role));
    }

    /** Wakes its partners, before each iteration. */
    @Setup(Level.Iteration)
    public void begin() {
        opened().begin();
    }

    /** Lets its partners sleep, after each iteration. */
    @TearDown(Level.Iteration)
    public void end() {
        opened().end();
    }

    /** Closes the way. */
    @TearDown(Level.Trial)
    public void close() {
        opened().close();
    }

    /** One step. */
    long step() throws Exception {
        return opened().step();
    }

    private Way opened() {
        Way open = way;
        if (open == null) {
            throw new IllegalStateException(row().name() + " is not open");
        }
        return open;
    }
}
