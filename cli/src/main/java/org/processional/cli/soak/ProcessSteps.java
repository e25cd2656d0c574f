// SPDX-License-Identifier: Apache-2.0
package org.processional.cli.soak;

import static org.processional.Processional.sharedMemory;

import java.nio.IntBuffer;
import java.util.List;
import java.util.Random;
import org.processional.SharedMemory;
import org.processional.SlaveProcess;

/**
 * What is done with the processes of the stage: functions, large values, shared memory, code that travels.
 *
 * <p><b>Threads:</b> stateless.
 */
final class ProcessSteps {
    static final List<Step> ALL = List.of(
            new Step("process", 24, ProcessSteps::tasks),
            new Step("threads of a process", 6, ProcessSteps::threads),
            new Step("large values", 4, ProcessSteps::largeValues),
            new Step("shared memory", 4, ProcessSteps::memory),
            new Step("travelling code", 3, ProcessSteps::travellingCode));

    private static final int MOST_BYTES = 2 << 20;

    private ProcessSteps() {}

    private static void tasks(Stage stage, Random random) {
        SlaveProcess process = stage.process(random);
        Burst burst = new Burst(stage.ledger(), "process");
        for (int i = 1 + random.nextInt(64); i > 0; i--) {
            long number = random.nextLong();
            switch (random.nextInt(12)) {
                case 0 -> burst.throwing(() -> process.schedule(() -> Functions.fail(number)));
                case 1 -> burst.cancelled(number, () -> process.schedule(() -> Functions.sleep(number)));
                case 2 -> burst.interrupted(number, () -> process.schedule(() -> Functions.sleep(number)));
                case 3 ->
                    burst.invoked(
                            Functions.work(number),
                            () -> process.<Long, RuntimeException>invoke(() -> Functions.work(number)));
                default ->
                    burst.returning(Functions.work(number), () -> process.schedule(() -> Functions.work(number)));
            }
        }
        burst.settle();
    }

    private static void threads(Stage stage, Random random) {
        SlaveProcess process = stage.process(random);
        Burst burst = new Burst(stage.ledger(), "threads of a process");
        for (int i = 1 + random.nextInt(8); i > 0; i--) {
            long number = random.nextLong();
            switch (random.nextInt(4)) {
                case 0 -> burst.throwing(() -> process.thread(() -> Functions.fail(number)));
                case 1 -> burst.cancelled(number, () -> process.thread(() -> Functions.sleep(number)));
                default -> burst.returning(Functions.work(number), () -> process.thread(() -> Functions.work(number)));
            }
        }
        burst.settle();
    }

    /** There and back. */
    private static void largeValues(Stage stage, Random random) {
        SlaveProcess process = stage.process(random);
        Burst burst = new Burst(stage.ledger(), "large values");
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            int length = 1 + random.nextInt(random.nextInt(MOST_BYTES) + 1);
            long number = random.nextLong();
            byte[] bytes = Functions.bytes(length, number);
            stage.ledger().add(Ledger.Thing.LARGE_BYTES, length);
            if (random.nextBoolean()) {
                burst.returning(Functions.sumOfBytes(bytes), () -> process.schedule(() -> Functions.sumOfBytes(bytes)));
            } else {
                burst.invoked(
                        Functions.sumOfBytes(bytes),
                        () -> Functions.sumOfBytes(
                                process.<byte[], RuntimeException>invoke(() -> Functions.bytes(length, number))));
            }
        }
        burst.settle();
    }

    private static void memory(Stage stage, Random random) {
        SlaveProcess process = stage.process(random);
        int count = 1 + random.nextInt(1 << 16);
        Burst burst = new Burst(stage.ledger(), "shared memory");
        stage.ledger().count(Ledger.Thing.SEGMENT);
        try (SharedMemory memory = sharedMemory(4L * count)) {
            IntBuffer numbers = memory.ints(0, count);
            long sum = 0;
            for (int i = 0; i < count; i += 1 + count / 64) {
                int number = random.nextInt();
                numbers.put(i, number);
                sum += number;
            }
            burst.invoked(sum, () -> process.<Long, RuntimeException>invoke(() -> Functions.sumOfNumbers(numbers)));
            int last = random.nextInt();
            burst.invoked(
                    last,
                    () -> process.<Integer, RuntimeException>invoke(
                            () -> numbers.put(count - 1, last).get(count - 1)));
            if (numbers.get(count - 1) != last) {
                stage.ledger().wrong("shared memory: read " + numbers.get(count - 1) + ", not " + last);
            }
            burst.settle();
        }
    }

    /** A client of its own each time, so that the classes come and go. */
    private static void travellingCode(Stage stage, Random random) {
        Burst burst = new Burst(stage.ledger(), "travelling code");
        try (SlaveProcess client = stage.connect(stage.stranger())) {
            for (int i = 1 + random.nextInt(8); i > 0; i--) {
                long number = random.nextLong();
                burst.returning(Functions.work(number), () -> client.schedule(() -> Functions.work(number)));
            }
            burst.settle();
            stage.ledger().add(Ledger.Thing.SHIPPED_CLASS, client.evictCode());
        }
    }
}
