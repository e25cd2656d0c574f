// SPDX-License-Identifier: Apache-2.0
package org.processional.cli.soak;

import static org.processional.Processional.slaveThread;
import static org.processional.Processional.thread;

import java.util.List;
import java.util.Random;
import org.processional.Call;
import org.processional.SlaveThread;
import org.processional.Task;

/**
 * What needs this JVM alone.
 *
 * <p><b>Threads:</b> stateless.
 */
final class ThreadSteps {
    static final List<Step> ALL = List.of(
            new Step("threads", 6, ThreadSteps::threads),
            new Step("slave thread", 10, ThreadSteps::tasks),
            new Step("short slave thread", 4, ThreadSteps::shortLived));

    private ThreadSteps() {}

    private static void threads(Stage stage, Random random) {
        Burst burst = new Burst(stage.ledger(), "threads");
        for (int i = 1 + random.nextInt(8); i > 0; i--) {
            long number = random.nextLong();
            switch (random.nextInt(6)) {
                case 0 -> burst.throwing(() -> thread(() -> Functions.fail(number)));
                case 1 -> burst.cancelled(number, () -> thread(() -> Functions.sleep(number)));
                case 2 -> burst.interrupted(number, () -> thread(() -> Functions.sleep(number)));
                default -> burst.returning(Functions.work(number), () -> thread(() -> Functions.work(number)));
            }
        }
        burst.settle();
    }

    private static void tasks(Stage stage, Random random) {
        SlaveThread worker = stage.worker();
        Burst burst = new Burst(stage.ledger(), "slave thread");
        for (int i = 1 + random.nextInt(64); i > 0; i--) {
            long number = random.nextLong();
            switch (random.nextInt(12)) {
                case 0 -> burst.throwing(() -> worker.schedule(() -> Functions.fail(number)));
                case 1 -> burst.cancelled(number, () -> worker.schedule(() -> Functions.sleep(number)));
                case 2 -> burst.interrupted(number, () -> worker.schedule(() -> Functions.sleep(number)));
                case 3 ->
                    burst.invoked(
                            Functions.work(number),
                            () -> worker.<Long, RuntimeException>invoke(() -> Functions.work(number)));
                default -> burst.returning(Functions.work(number), () -> worker.schedule(() -> Functions.work(number)));
            }
        }
        burst.settle();
    }

    /** Ends in the midst of its work. */
    private static void shortLived(Stage stage, Random random) {
        Burst burst = new Burst(stage.ledger(), "short slave thread", Outcome.CLOSED, Outcome.INTERRUPTED);
        boolean abort = random.nextBoolean();
        SlaveThread slave = slaveThread();
        try {
            for (int i = random.nextInt(16); i > 0; i--) {
                long number = random.nextLong();
                boolean sleeps = abort && random.nextInt(4) == 0;
                Call<Long, Exception> call = sleeps ? () -> Functions.sleep(number) : () -> Functions.work(number);
                burst.returning(sleeps ? number : Functions.work(number), () -> schedule(slave, call));
            }
            if (abort) {
                slave.abort();
            }
        } finally {
            slave.close();
        }
        burst.settle();
    }

    private static Task<Long> schedule(SlaveThread slave, Call<Long, Exception> call) {
        return slave.schedule(call);
    }
}
