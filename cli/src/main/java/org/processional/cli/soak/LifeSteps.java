// SPDX-License-Identifier: Apache-2.0
package org.processional.cli.soak;

import static org.processional.Processional.server;
import static org.processional.Processional.slave;

import java.util.List;
import java.util.Random;
import org.processional.SlaveProcess;

/**
 * Processes and connections that begin and end: in order, by force, or in the midst of their work.
 *
 * <p><b>Threads:</b> stateless.
 */
final class LifeSteps {
    static final List<Step> ALL = List.of(
            new Step("short slave", 2, LifeSteps::shortLived),
            new Step("killed slave", 2, LifeSteps::killed),
            new Step("short server", 1, LifeSteps::shortServer),
            new Step("killed server", 1, LifeSteps::killedServer),
            new Step("reconnect", 6, LifeSteps::reconnect));

    private LifeSteps() {}

    private static void shortLived(Stage stage, Random random) {
        Burst burst = new Burst(stage.ledger(), "short slave");
        try (SlaveProcess slave =
                stage.started(slave(stage.options(stage.scheme(random)).build()))) {
            for (int i = random.nextInt(16); i > 0; i--) {
                long number = random.nextLong();
                burst.returning(Functions.work(number), () -> slave.schedule(() -> Functions.work(number)));
            }
        } // which lets them finish
        burst.settle();
    }

    /** What it had to do fails, and says that it died. */
    private static void killed(Stage stage, Random random) {
        Burst burst =
                new Burst(stage.ledger(), "killed slave", Outcome.DIED, Outcome.CLOSED, Outcome.LOST, Outcome.REFUSED);
        try (SlaveProcess slave =
                stage.started(slave(stage.options(stage.scheme(random)).build()))) {
            stage.ledger().count(Ledger.Thing.OBJECT);
            slave.wrap(() -> Functions.list(10)); // goes with its process
            int tasks = 1 + random.nextInt(16);
            int fatal = random.nextInt(tasks);
            int way = random.nextInt(3);
            for (int i = 0; i < tasks; i++) {
                long number = random.nextLong();
                burst.returning(Functions.work(number), () -> slave.schedule(() -> Functions.work(number)));
                if (i == fatal) {
                    kill(slave, way, burst);
                }
            }
            stage.ledger().count(Ledger.Thing.KILL);
            burst.settle();
        }
    }

    private static void kill(SlaveProcess slave, int way, Burst burst) {
        switch (way) {
            case 0 -> ProcessHandle.of(slave.pid()).ifPresent(ProcessHandle::destroyForcibly);
            case 1 -> slave.terminate();
            default -> burst.returning(0L, () -> slave.schedule(() -> Functions.halt(3)));
        }
    }

    /** Ends when its last client has left. */
    private static void shortServer(Stage stage, Random random) {
        Burst burst = new Burst(stage.ledger(), "short server");
        try (SlaveProcess server =
                        stage.started(server(stage.options(stage.scheme(random)).build()));
                SlaveProcess client = stage.connect(server)) {
            long number = random.nextLong();
            burst.invoked(
                    Functions.work(number), () -> server.<Long, RuntimeException>invoke(() -> Functions.work(number)));
            burst.invoked(
                    Functions.work(number), () -> client.<Long, RuntimeException>invoke(() -> Functions.work(number)));
        }
    }

    /** All its clients learn it. */
    private static void killedServer(Stage stage, Random random) {
        Burst burst =
                new Burst(stage.ledger(), "killed server", Outcome.DIED, Outcome.CLOSED, Outcome.LOST, Outcome.REFUSED);
        try (SlaveProcess server =
                        stage.started(server(stage.options(stage.scheme(random)).build()));
                SlaveProcess client = stage.connect(server)) {
            for (int i = random.nextInt(8); i > 0; i--) {
                long number = random.nextLong();
                SlaveProcess either = random.nextBoolean() ? client : server;
                burst.returning(Functions.work(number), () -> either.schedule(() -> Functions.work(number)));
                burst.returning(number, () -> either.thread(() -> Functions.sleep(number)));
            }
            kill(server, random.nextInt(3), burst);
            stage.ledger().count(Ledger.Thing.KILL);
            burst.settle();
        }
    }

    /** Some clients leave in order, some in the midst of a task. */
    private static void reconnect(Stage stage, Random random) {
        boolean abrupt = random.nextInt(3) == 0;
        Burst burst = abrupt
                ? new Burst(stage.ledger(), "reconnect", Outcome.CLOSED, Outcome.LOST, Outcome.REFUSED)
                : new Burst(stage.ledger(), "reconnect");
        try (SlaveProcess client = stage.connect(stage.server(random))) {
            for (int i = random.nextInt(8); i > 0; i--) {
                long number = random.nextLong();
                burst.returning(Functions.work(number), () -> client.schedule(() -> Functions.work(number)));
            }
            if (abrupt) {
                client.terminate();
            }
            burst.settle();
        }
    }
}
