// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.processional.spi.Providers;
import org.processional.spi.Transport;
import org.processional.tck.faults.Episode;
import org.processional.tck.faults.Fault;
import org.processional.tck.faults.Plan;
import org.processional.tck.faults.ProcessEpisode;

/** The fault harness over the transports of all modules: what the run in memory has, for real. */
@Timeout(1200)
class FaultsTest {
    /** Runs with a server in another process, over each transport. */
    private static final int PROCESSES = 20;

    /** One whose customer does not close its connection in the middle. */
    private static final long SEED = 1;

    /** Steps enough for many callbacks. */
    private static final int SOME = 300;

    /** Steps enough for a kill to come between them. */
    private static final int MANY = 5000;

    /** Microseconds until a kill; a new JVM is slow at first. */
    private static final int AT_MOST = 200_000;

    @TempDir
    Path folder;

    private final Map<String, Integer> balance = new TreeMap<>(); // of all runs with a server in another process

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

    /** Every other server is killed. */
    @ParameterizedTest
    @MethodSource("shmOrAllIfFull")
    void theContractsHoldWhateverConnectionsAndProcessesDo(String transport) throws IOException {
        long first = Rounds.seed();
        List<String> violations = new ArrayList<>();
        for (long seed = first; seed < first + Rounds.of(PROCESSES); seed++) {
            Plan plan = Plan.of(seed);
            for (String violation :
                    apart(transport, seed % 2 == 0 ? plan.killed(new Random(seed).nextInt(1, AT_MOST)) : plan)) {
                violations.add("-Dprocessional.seed=" + seed + ": " + violation);
            }
        }
        assertThat(violations).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("shmOrAllIfFull")
    void aServerInAnotherProcessCallsBack(String transport) throws IOException {
        assertThat(apart(transport, Plan.of(SEED, Fault.NONE, SOME, Plan.LIMIT)))
                .isEmpty();
        assertThat(balance).doesNotContainKey("LOST");
        assertThat(balance.get("CALLBACKS")).isPositive();
    }

    @ParameterizedTest
    @MethodSource("shmOrAllIfFull")
    void aServerThatIsKilledLosesWhatItHadNotAnswered(String transport) throws IOException {
        Plan plan = Plan.of(SEED, Fault.NONE, MANY, Plan.LIMIT).killed(AT_MOST);
        assertThat(apart(transport, plan)).isEmpty();
        assertThat(balance).containsKeys("DONE", "LOST");
    }

    static List<String> shmOrAllIfFull() {
        return OverTransports.allIfFull();
    }

    /** A run with the server in another process. */
    private List<String> apart(String transport, Plan plan) throws IOException {
        Path own = Files.createTempDirectory(folder, "run");
        Path book = own.resolve("book");
        String address =
                transport.equals("tcp") ? freshAddress("faulty-tcp") : "faulty-" + transport + ":" + own + "/s";
        ProcessEpisode episode = new ProcessEpisode(own.getFileName().toString(), plan, address, book);
        List<String> violations = new ArrayList<>(episode.run());
        episode.balance().forEach((what, count) -> balance.merge(what, count, Integer::sum));
        System.out.println("harness: server over " + transport + ", killed after " + plan.killedAfter() + " us: "
                + new TreeMap<>(episode.balance()));
        if (plan.killedAfter() == 0 && own.toFile().list().length > 1) {
            violations.add("left files: " + List.of(own.toFile().list()));
        }
        return violations;
    }
}
