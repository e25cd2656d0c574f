// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

/** How many rounds of a repeated test to run: the stated count under {@code -Pfull}, a tenth of it otherwise. */
final class Rounds {
    private Rounds() {}

    static int of(int stated) {
        return Math.max(1, (int) ((long) stated * Integer.getInteger("processional.rounds.percent", 10) / 100));
    }

    static long seed() {
        long seed = Long.getLong("processional.seed", System.nanoTime());
        System.out.println("seed: -Dprocessional.seed=" + seed);
        return seed;
    }
}
