// SPDX-License-Identifier: Apache-2.0
package org.processional.tck.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * What a run meets that must not be.
 *
 * <p><b>Threads:</b> the one that does the run.
 */
final class Findings {
    private final Duration limit;
    private final List<String> violations = new ArrayList<>();

    /**
     * Nothing yet.
     *
     * @param limit how long anything may take
     */
    Findings(Duration limit) {
        this.limit = limit;
    }

    void add(String violation) {
        violations.add(violation);
    }

    void addAll(List<String> more) {
        violations.addAll(more);
    }

    /** Waits until something is so; that it never is, is a finding. */
    void until(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline >= 0) {
                add("not within " + limit + ": " + what);
                return;
            }
            LockSupport.parkNanos(100_000);
        }
    }

    List<String> all() {
        return List.copyOf(violations);
    }
}
