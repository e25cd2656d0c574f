// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processional.engine.testing.Rounds;
import org.processional.tck.faults.Episode;
import org.processional.tck.faults.Plan;

/**
 * The fault harness over the transport in memory: 500 runs in the normal build, 5 000 under {@code -Pfull}, 100 000 under
 * {@code -Pharness}. Each seed is a run of its own; a failing one is repeated with {@code -Dprocessional.seed}.
 */
@Timeout(14_400)
class FaultyMemoryTest {
    private static final int ASKED = Integer.getInteger("processional.harness.runs", 0);
    private static final int RUNS = ASKED > 0 ? ASKED : Rounds.of(5_000);

    private static final int MOST_FAILURES = 20;

    private static List<String> run(String scheme, long seed) {
        String name = scheme + "-" + seed;
        String weather = seed % 3 == 0 ? "?weather=storm&seed=" + seed : "";
        return new Episode(name, Plan.of(seed), scheme + ":" + name + weather).run();
    }

    /** Four in five over connections that can be polled, the rest over those that cannot. */
    @ParameterizedTest
    @ValueSource(strings = {"faulty-mem", "faulty-mem-plain"})
    void theContractsHoldWhateverConnectionsDo(String scheme) {
        int runs = Math.max(1, scheme.endsWith("-plain") ? RUNS / 5 : RUNS - RUNS / 5);
        List<String> violations = new ArrayList<>();
        long begin = System.nanoTime();
        for (long seed = Rounds.SEED; seed < Rounds.SEED + runs && violations.size() < MOST_FAILURES; seed++) {
            for (String violation : run(scheme, seed)) {
                violations.add("-Dprocessional.seed=" + seed + ": " + violation);
            }
        }
        System.out.printf(
                "harness: %d runs over %s from seed %d in %d ms, %d violations%n",
                runs, scheme, Rounds.SEED, (System.nanoTime() - begin) / 1_000_000, violations.size());
        assertThat(violations).isEmpty();
    }
}
