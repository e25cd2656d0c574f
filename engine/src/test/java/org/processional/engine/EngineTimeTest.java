// SPDX-License-Identifier: Apache-2.0
package org.processional.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.Call;
import org.processional.Processional;
import org.processional.Server;
import org.processional.SlaveProcess;
import org.processional.SlaveThread;
import org.processional.TaskOptions;
import org.processional.TaskTimeoutException;
import org.processional.engine.testing.ChildJvm;
import org.processional.tck.faults.Episode;
import org.processional.tck.faults.Plan;

/** Time and chance of the engine can be replaced, each in a JVM of its own. */
@Timeout(120)
class EngineTimeTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    private static long linger() throws InterruptedException {
        new CountDownLatch(1).await();
        return 0;
    }

    /** Whoever waits in it sees ten minutes pass in less than a second. */
    static final class Fast {
        private Fast() {}

        private static String limitOf(Call<Long, InterruptedException> wait) throws InterruptedException {
            try {
                return "ended with " + wait.call();
            } catch (TaskTimeoutException e) {
                return "late";
            }
        }

        public static void main(String[] arguments) throws Exception {
            TaskOptions options = TaskOptions.builder().limit(LONG).build();
            try (SlaveThread thread = Processional.slaveThread()) {
                System.out.println("thread: "
                        + limitOf(() ->
                                thread.schedule(EngineTimeTest::linger, options).await()));
                System.out.println("wait: "
                        + limitOf(() -> thread.schedule(() -> 1L).await()
                                + thread.schedule(EngineTimeTest::linger, options)
                                        .await(LONG.dividedBy(2))));
            }
            try (Server server = Processional.serve("mem:fast");
                    SlaveProcess process = Processional.client(server.address())) {
                System.out.println("process: "
                        + limitOf(() -> process.schedule(EngineTimeTest::linger, options)
                                .await()));
            }
        }
    }

    /** Runs of the harness, whose limits pass twenty times faster. */
    static final class FastHarness {
        private FastHarness() {}

        public static void main(String[] arguments) {
            for (long seed = 1; seed <= 20; seed++) {
                List<String> violations = new Episode("fast-" + seed, Plan.of(seed), "faulty-mem:fast-" + seed).run();
                System.out.println("run " + seed + ": " + violations);
            }
        }
    }

    /** Prints what nobody can guess. */
    static final class Chance {
        private Chance() {}

        public static void main(String[] arguments) {
            System.out.println("secret " + HexFormat.of().formatHex(EngineRandom.bytes(16)));
        }
    }

    @Test
    void hoursPassInMoments() throws Exception {
        assertThat(ChildJvm.run(Fast.class, "-D" + EngineTime.PROPERTY + "=2000"))
                .contains("thread: late", "wait: late", "process: late");
    }

    @Test
    void theContractsHoldInFastTime() throws Exception {
        String printed = ChildJvm.run(FastHarness.class, "-D" + EngineTime.PROPERTY + "=5");
        for (int seed = 1; seed <= 20; seed++) {
            assertThat(printed).contains("run " + seed + ": []");
        }
    }

    private static String secret(String... flags) throws Exception {
        return ChildJvm.run(Chance.class, flags)
                .lines()
                .filter(line -> line.startsWith("secret "))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void chanceFollowsFromASeedIfOneIsGiven() throws Exception {
        String flag = "-D" + EngineRandom.PROPERTY + "=";
        assertThat(secret(flag + 1)).isEqualTo(secret(flag + 1)).isNotEqualTo(secret(flag + 2));
        assertThat(secret()).isNotEqualTo(secret());
    }
}
