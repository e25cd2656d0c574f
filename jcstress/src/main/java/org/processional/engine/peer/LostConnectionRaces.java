// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A request is added while its connection is lost: either who added it or who empties the table fails it, as in {@link Peer}. */
@JCStressTest
@Outcome(
        id = {"1, 0", "0, 1"},
        expect = ACCEPTABLE,
        desc = "it was failed once")
@Outcome(expect = FORBIDDEN, desc = "it stays for ever, or was failed twice")
@State
public class LostConnectionRaces {
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
    private volatile boolean gone;

    /** Adds, then looks. */
    @Actor
    public void adder(II_Result r) {
        Entry entry = new Entry();
        table.tryCredit();
        table.add(entry);
        r.r1 = gone && table.take(entry.ticket()) != null ? 1 : 0;
    }

    /** Says that it is lost, then looks. */
    @Actor
    public void reader(II_Result r) {
        gone = true;
        int[] failed = {0};
        table.takeAll(entry -> failed[0]++);
        r.r2 = failed[0];
    }
}
