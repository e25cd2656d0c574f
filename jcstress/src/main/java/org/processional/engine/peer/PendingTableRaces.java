// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Two answers to one request, while another request is added: one of them takes it, and no credit is lost. */
@JCStressTest
@Outcome(
        id = {"1, 0, 1", "0, 1, 1"},
        expect = ACCEPTABLE,
        desc = "one took it; the other request is pending")
@Outcome(expect = FORBIDDEN, desc = "both or none took it, or a credit was lost")
@State
public class PendingTableRaces {
    private static final class Entry implements PendingTable.Entry {
        private volatile long ticket;

        @Override
        public long ticket() {
            return ticket;
        }

        @Override
        public void ticket(long given) {
            ticket = given;
        }
    }

    private final PendingTable<Entry> table = new PendingTable<>(4);
    private final Entry answered = new Entry();

    /** Adds the request that is answered. */
    public PendingTableRaces() {
        table.tryCredit();
        table.add(answered);
    }

    /** An answer, and a request. */
    @Actor
    public void one(III_Result result) {
        result.r1 = table.take(answered.ticket()) == answered ? 1 : 0;
        if (table.tryCredit()) {
            table.add(new Entry());
        }
    }

    /** Another answer. */
    @Actor
    public void two(III_Result result) {
        result.r2 = table.take(answered.ticket()) == answered ? 1 : 0;
    }

    /** What is pending in the end. */
    @Arbiter
    public void end(III_Result result) {
        result.r3 = table.size();
    }
}
