// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.processional.Processional.server;
import static org.processional.Processional.slave;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.processional.ConnectionException;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;
import org.processional.Task;

/** How processes end that were asked to, and those that know each other. */
@ParameterizedClass(name = "over {0}")
@MethodSource("allIfFull")
class StopTest extends OverTransports {
    private static final Duration LONG = Duration.ofSeconds(30);

    private static void awaitEnd(long pid) {
        await().atMost(LONG).until(() -> !Jvm.isAlive(pid));
    }

    @Test
    void largeResultsOutliveTheProcessThatWasAskedToStop() {
        try (SlaveProcess slave = slave()) {
            List<Task<byte[]>> tasks = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                int size = (1 << 20) + i;
                tasks.add(slave.schedule(() -> new byte[size]));
            }
            slave.stop();
            awaitEnd(slave.pid());
            for (int i = 0; i < tasks.size(); i++) {
                assertThat(tasks.get(i).await()).hasSize((1 << 20) + i);
            }
        }
    }

    @Test
    void aLargeResultOfAKilledProcessIsWholeOrSaidToBeLost() {
        try (SlaveProcess slave = slave()) {
            Task<byte[]> task = slave.schedule(() -> new byte[1 << 20]);
            await().atMost(LONG).until(task::isDone);
            ProcessHandle.of(slave.pid()).orElseThrow().destroyForcibly();
            await().atMost(LONG).until(() -> !slave.isOpen());
            byte[] result = new byte[1 << 20];
            try {
                result = task.await();
            } catch (ConnectionException e) {
                assertThat(e).hasMessageContaining("the result is lost");
            }
            assertThat(result).hasSize(1 << 20);
        }
    }

    @Test
    void aServerThatCannotFinishEndsSoonAfterItsLastClient() {
        Duration limit = Duration.ofSeconds(1);
        SlaveProcess server = server(
                SlaveOptions.builder().address(address("s")).closeLimit(limit).build());
        Path begun = folder.resolve("begun");
        String path = begun.toString();
        try {
            server.schedule(() -> {
                Files.createFile(Path.of(path));
                Stuck.loop();
            });
            await().atMost(LONG).until(() -> Files.exists(begun));
            server.stop();
            server.close();
            awaitEnd(server.pid());
        } finally {
            server.terminate();
        }
    }

    @Test
    void anInterruptDoesNotUndoAStop() {
        try (SlaveProcess slave = slave()) {
            Thread.currentThread().interrupt();
            slave.stop();
            assertThat(Thread.interrupted()).isTrue();
            awaitEnd(slave.pid());
        }
    }

    @Test
    void serversThatKnowEachOtherKeepNoneAlive() {
        List<SlaveProcess> ring = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                ring.add(server(address("ring" + i)));
            }
            for (int i = 0; i < 3; i++) {
                ring.get(i).connect(ring.get((i + 1) % 3));
            }
            ring.forEach(SlaveProcess::close);
            for (SlaveProcess one : ring) {
                awaitEnd(one.pid());
            }
        } finally {
            ring.forEach(SlaveProcess::terminate);
        }
    }
}
