// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import java.time.Duration;
import java.util.ArrayDeque;
import org.processional.Restart;
import org.processional.engine.EngineTime;

/**
 * How many restarts are left.
 *
 * <p><b>Threads:</b> guarded by who has it.
 */
final class RestartBudget {
    private final Restart restart;
    private final ArrayDeque<Long> taken = new ArrayDeque<>(); // their times, the oldest first

    RestartBudget(Restart restart) {
        this.restart = restart;
    }

    /** Takes one; false if there is none. */
    boolean take() {
        long now = EngineTime.nanos();
        long within = restart.within().compareTo(Duration.ofDays(365)) > 0
                ? Duration.ofDays(365).toNanos()
                : restart.within().toNanos();
        while (!taken.isEmpty() && now - taken.peekFirst() > within) {
            taken.removeFirst();
        }
        if (taken.size() >= restart.times()) {
            return false;
        }
        taken.addLast(now);
        return true;
    }
}
