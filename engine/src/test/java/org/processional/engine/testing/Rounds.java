// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.testing;

/** How often to repeat what is random. */
public final class Rounds {
    /** What a failing test is repeated with: {@code -Dprocessional.seed}. */
    public static final long SEED = Long.getLong("processional.seed", System.nanoTime());

    private Rounds() {}

    /** The part of a full count that the build asks for. */
    public static int of(int full) {
        return Math.max(1, (int) (full * (long) Integer.getInteger("processional.rounds.percent", 10) / 100));
    }
}
