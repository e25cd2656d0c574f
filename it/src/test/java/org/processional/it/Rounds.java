// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

/** How many rounds of a repeated test to run: the stated count under {@code -Pfull}, a tenth of it otherwise. */
final class Rounds {
    private static final int PERCENT = Integer.getInteger("processional.rounds.percent", 10);

    /** Whether this is a run of the full profile. */
    static final boolean FULL = PERCENT == 100;

    /** The tag of tests that run under the full profile alone. */
    static final String FULL_TAG = "full";

    private Rounds() {}

    static int of(int stated) {
        return Math.max(1, (int) ((long) stated * PERCENT / 100));
    }

    static long seed() {
        long seed = Long.getLong("processional.seed", System.nanoTime());
        System.out.println("seed: -Dprocessional.seed=" + seed);
        return seed;
    }
}
