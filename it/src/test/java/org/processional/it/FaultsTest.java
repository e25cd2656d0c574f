// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processional.spi.Providers;
import org.processional.spi.Transport;
import org.processional.tck.faults.Episode;
import org.processional.tck.faults.Plan;

/** The fault harness over the transports of all modules: what the run in memory has, for real. */
@Timeout(1200)
class FaultsTest {
    private static String freshAddress(String scheme) throws IOException {
        return Providers.find(Transport.class).providers().stream()
                .filter(transport -> transport.scheme().equals(scheme))
                .findFirst()
                .orElseThrow()
                .freshAddress()
                .toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"faulty-unix", "faulty-shm", "faulty-tcp"})
    void theContractsHoldWhateverConnectionsDo(String scheme) throws IOException {
        long first = Rounds.seed();
        List<String> violations = new ArrayList<>();
        for (long seed = first; seed < first + Rounds.of(200); seed++) {
            String name = scheme + "-" + seed;
            for (String violation : new Episode(name, Plan.of(seed), freshAddress(scheme)).run()) {
                violations.add("-Dprocessional.seed=" + seed + ": " + violation);
            }
        }
        assertThat(violations).isEmpty();
    }
}
