// SPDX-License-Identifier: Apache-2.0
package org.processional.tck.faults;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The model: what the callers saw and what ran in the server must fit.
 *
 * <p><b>Threads:</b> stateless.
 *
 * @since 0.1
 */
public final class Check {
    private static final Outcome[] OUTCOMES = Outcome.values();

    private Check() {}

    /**
     * Compares.
     *
     * @param tasks those of all {@linkplain Report#tasks() reports}
     * @param ran the keys of the tasks that ran, in the order in which they began
     * @return what must not be
     */
    public static List<String> violations(List<long[]> tasks, List<Long> ran) {
        List<String> violations = new ArrayList<>();
        Map<Long, Integer> counts = new HashMap<>();
        ran.forEach(key -> counts.merge(key, 1, Integer::sum));
        Map<Long, Boolean> queued = new HashMap<>();
        for (long[] task : tasks) {
            Outcome outcome = OUTCOMES[(int) task[3]];
            int count = counts.getOrDefault(task[0], 0);
            if (count > 1 || count == 0 && outcome == Outcome.DONE || count == 1 && outcome == Outcome.REFUSED) {
                violations.add("task " + task[0] + " ended as " + outcome + " and ran " + count + " times");
            }
            if (queued.put(task[0], task[2] == 1) != null) {
                violations.add("task " + task[0] + " ended twice");
            }
        }
        Map<Long, Long> last = new HashMap<>(); // of each caller at each connection
        for (long key : ran) {
            if (queued.getOrDefault(key, false)) {
                Long before = last.put(key / 1_000_000, key);
                if (before != null && before > key) {
                    violations.add("task " + key + " began after task " + before + ", which was scheduled later");
                }
            }
        }
        return violations;
    }
}
