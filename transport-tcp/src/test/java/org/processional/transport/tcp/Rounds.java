// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.tcp;

import java.util.Random;

/** Numbers for tests: how often repeated ones repeat, the seed of random ones. */
final class Rounds {
    private Rounds() {}

    static int of(int stated) {
        return Math.max(1, stated * Integer.getInteger("processional.rounds.percent", 10) / 100);
    }

    static Random random(String test) {
        long seed = Long.getLong("processional.seed", System.nanoTime());
        System.out.println(test + ": -Dprocessional.seed=" + seed);
        return new Random(seed);
    }
}
