// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

/** How many of the repeated and random tests to run. */
final class Rounds {
    private Rounds() {}

    /** The stated number, scaled by the property {@code processional.rounds.percent}; at least one. */
    static int of(int full) {
        return Math.max(1, (int) ((long) full * Integer.getInteger("processional.rounds.percent", 10) / 100));
    }
}
