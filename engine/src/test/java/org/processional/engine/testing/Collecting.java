// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.testing;

import java.util.function.BooleanSupplier;

/** Waits for what the garbage collector brings about; the time limit of the test ends it. */
public final class Collecting {
    private Collecting() {}

    /** Collects until something is true. */
    public static void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            System.gc();
            Thread.yield();
        }
    }
}
