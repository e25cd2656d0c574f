// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.processional.Processional.client;
import static org.processional.Processional.serve;
import static org.processional.Processional.server;
import static org.processional.Processional.slave;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.processional.ConnectionException;
import org.processional.Proxy;
import org.processional.Server;
import org.processional.SlaveDiedException;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;
import org.processional.Task;

/** Processes over the transport {@code shm}: the same as over any other. */
@Timeout(120)
class ShmProcessTest {
    @TempDir
    Path folder;

    private String address() {
        return "shm:" + folder.resolve("s");
    }

    private SlaveProcess shmSlave() {
        return slave(SlaveOptions.builder().address(address()).build());
    }

    @Test
    void aSlaveInvokesSchedulesAndFails() throws Exception {
        try (SlaveProcess slave = shmSlave()) {
            assertThat(slave.address()).isEqualTo(address());
            assertThat(slave.invoke(() -> Heavy.pid())).isEqualTo(slave.pid()).isNotEqualTo(Heavy.pid());
            slave.invoke(() -> Heavy.COUNTER.set(0));
            List<Task<Boolean>> tasks = new ArrayList<>();
            for (int i = 0; i < Rounds.of(50_000); i++) {
                int expected = i;
                tasks.add(slave.schedule(() -> Heavy.COUNTER.getAndIncrement() == expected));
            }
            for (Task<Boolean> task : tasks) {
                assertThat(task.await()).isTrue();
            }
            assertThatThrownBy(() -> slave.invoke(() -> Heavy.fail("hello")))
                    .isInstanceOf(IOException.class)
                    .hasMessage("hello");
            for (int i = 0; i < Rounds.of(100_000); i++) {
                int number = i;
                int next = slave.invoke(() -> number + 1);
                assertThat(next).isEqualTo(number + 1);
            }
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void largeValuesTravelBothWaysAtOnce() {
        byte[] large = new byte[20 << 20];
        new Random(2).nextBytes(large);
        try (SlaveProcess slave = shmSlave()) {
            List<Task<byte[]>> tasks = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                tasks.add(slave.schedule(() -> large));
            }
            for (Task<byte[]> task : tasks) {
                assertThat(Arrays.equals(task.await(), large)).isTrue();
            }
        }
    }

    @Test
    void manyThreadsShareOneSlave() throws Exception {
        int rounds = Rounds.of(20_000);
        List<String> wrong = java.util.Collections.synchronizedList(new ArrayList<>());
        try (SlaveProcess slave = shmSlave()) {
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 6; t++) {
                int id = t;
                Thread thread = new Thread(() -> {
                    for (int i = 0; i < rounds; i++) {
                        int number = i;
                        int answer = slave.invoke(() -> number + id);
                        if (answer != number + id) {
                            wrong.add(number + "+" + id + "=" + answer);
                        }
                    }
                });
                threads.add(thread);
                thread.start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void aKilledSlaveIsADeathSoonAndLeavesNothing() throws Exception {
        List<String> before = rings();
        SlaveProcess slave = shmSlave();
        Task<?> running = slave.schedule(() -> Thread.currentThread().join());
        assertThat(slave.thread(() -> 1).await()).isEqualTo(1);
        long start = System.nanoTime();
        assertThat(new ProcessBuilder("kill", "-9", "" + slave.pid()).start().waitFor())
                .isZero();
        assertThatThrownBy(running::await)
                .isInstanceOf(SlaveDiedException.class)
                .hasMessageContaining("SIGKILL");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        assertThatThrownBy(() -> slave.invoke(() -> 1)).isInstanceOf(SlaveDiedException.class);
        slave.close();
        assertThat(folder).isEmptyDirectory();
        assertThat(rings()).isSubsetOf(before);
    }

    @Test
    void manyClientsShareAServer() {
        try (SlaveProcess owner = server(address())) {
            List<SlaveProcess> clients = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                clients.add(client(address()));
            }
            Proxy<List<Integer>> kept = owner.wrap("heavy", () -> Heavy.range(10));
            for (int round = 0; round < 20; round++) {
                for (SlaveProcess client : clients) {
                    assertThat(client.invoke(() -> Heavy.pid())).isEqualTo(owner.pid());
                }
            }
            for (SlaveProcess client : clients) {
                Proxy<List<Integer>> found = client.named("heavy");
                assertThat(client.invoke(() -> Heavy.sum(found.get()))).isEqualTo(45);
                client.close();
            }
            assertThat(kept.get()).hasSize(10);
        }
        await().until(() -> folder.toFile().list().length == 0);
    }

    @Test
    void thisProcessServes() {
        String name = "shm:it-" + Heavy.pid();
        try (Server serving = serve(name);
                SlaveProcess client = client(name)) {
            assertThat(client.pid()).isEqualTo(Heavy.pid());
            assertThat(client.<Integer, RuntimeException>invoke(() -> 5)).isEqualTo(5);
            assertThat(serving.clients()).isEqualTo(1);
        }
        assertThatThrownBy(() -> client(
                        name,
                        org.processional.ClientOptions.builder()
                                .connectLimit(Duration.ofMillis(20))
                                .build()))
                .isInstanceOf(ConnectionException.class)
                .hasMessageContaining("nobody listens");
    }

    @Test
    void aClientOfAnotherKindIsRefusedAndHarmsNobody() {
        try (Server serving = serve(address())) {
            assertThatThrownBy(() -> client("unix:" + folder.resolve("s"))).isInstanceOf(ConnectionException.class);
            try (SlaveProcess client = client(address())) {
                assertThat(client.<Integer, RuntimeException>invoke(() -> 5)).isEqualTo(5);
            }
            assertThat(serving.isOpen()).isTrue();
        }
    }

    private static List<String> rings() {
        String[] names = new File("/dev/shm").list((disk, name) -> name.startsWith("processional-ring-"));
        return names == null ? List.of() : Arrays.asList(names);
    }
}
