// SPDX-License-Identifier: Apache-2.0
package org.processional.fuzz;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What Jazzer calls; its target arguments name the target.
 *
 * <p><b>Threads:</b> one thread.
 */
public final class JazzerEntry {
    private static @Nullable Target target; // set before the first input

    private JazzerEntry() {}

    /** Called once. */
    public static void fuzzerInitialize(String[] args) throws Throwable {
        Target named = Targets.named(args[0]);
        for (byte[] seed : named.seeds()) {
            named.run(seed); // what is loaded once is not counted against the first input
        }
        target = named;
    }

    /** Called for each input. */
    public static void fuzzerTestOneInput(byte[] input) throws Throwable {
        Bounds.run(Objects.requireNonNull(target), input);
    }
}
