// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** One thread frees the role while another parks for it: the wake-up is not lost, or the role is seen to be free. */
@JCStressTest
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "the second took the role in time")
@Outcome(expect = FORBIDDEN, desc = "it slept through the release")
@State
public class ReadingRoleRaces {
    private static final long LONG_NANOS = 2_000_000_000L;

    private final ReadingRole role = new ReadingRole();
    private final boolean held = role.tryClaim();

    /** Frees the role. */
    @Actor
    public void leaver(II_Result result) {
        result.r1 = held ? 1 : 0;
        role.release(false);
    }

    /** Wants it. */
    @Actor
    public void hopeful(II_Result result) {
        long start = System.nanoTime();
        while (!role.tryClaim()) {
            role.parkHopefully(LONG_NANOS, () -> false);
        }
        result.r2 = System.nanoTime() - start < LONG_NANOS ? 1 : 0;
    }
}
