// SPDX-License-Identifier: Apache-2.0
package org.processional.tck.faults;

import org.jspecify.annotations.Nullable;
import org.processional.Proxy;
import org.processional.SlaveProcess;

/**
 * One connection of a run, as its callers have it.
 *
 * <p><b>Threads:</b> everything from any thread.
 */
final class Line {
    final int number;
    final Fault fault;
    final boolean serverEnds; // in the middle of the run
    final SlaveProcess process;
    final @Nullable Proxy<Ledger.Partner> here; // an object of this process; null where both ends are in one
    final @Nullable Proxy<Ledger.Partner> there; // an object of the server
    private volatile boolean closed; // set before it is closed on purpose

    Line(
            int number,
            Fault fault,
            boolean serverEnds,
            SlaveProcess process,
            @Nullable Proxy<Ledger.Partner> here,
            @Nullable Proxy<Ledger.Partner> there) {
        this.number = number;
        this.fault = fault;
        this.serverEnds = serverEnds;
        this.process = process;
        this.here = here;
        this.there = there;
    }

    /** Whether tasks may be lost. */
    boolean mayLose() {
        return closed || serverEnds || fault.losesTasks();
    }

    void closing() {
        closed = true;
    }
}
