// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.processional.Processional.client;
import static org.processional.Processional.serve;
import static org.processional.Processional.server;
import static org.processional.Processional.thread;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.processional.ClientOptions;
import org.processional.ConnectionException;
import org.processional.Proxy;
import org.processional.Server;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;
import org.processional.Task;
import org.processional.spi.Address;

/** Servers and their clients, as BEHAVIOUR.md has them in rows C1 to C6. */
@ParameterizedClass(name = "over {0}")
@MethodSource("allIfFull")
class ServerTest extends OverTransports {
    @Test
    void c1_c3_aServerEndsWithItsLastClient() {
        SlaveProcess first = server(address("s"));
        SlaveProcess second = client(address("s"));
        assertThat(second.pid()).isEqualTo(first.pid());
        first.close();
        assertThat(second.invoke(() -> Heavy.pid())).isEqualTo(first.pid());
        second.close();
        await().atMost(Duration.ofSeconds(10)).until(() -> first.exitCode().isPresent());
        assertThat(first.exitCode()).contains(0);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void c3_aServerIsGoneATenthOfASecondAfterItsLastClient() {
        Quickest.within(Duration.ofMillis(100), () -> {
            SlaveProcess only = server(address("s"));
            long start = System.nanoTime();
            only.close();
            while (only.exitCode().isEmpty()) {
                Thread.onSpinWait();
            }
            return Duration.ofNanos(System.nanoTime() - start);
        });
    }

    /** At an address that was made for it: nobody else would come and replace what is left there. */
    @Test
    void aServerThatIsKilledLeavesNoSocket() {
        try (SlaveProcess owner = server(SlaveOptions.builder().build())) {
            Path socket = Path.of(Address.parse(owner.address()).target());
            assertThat(Files.exists(socket)).isEqualTo(!transport.equals("tcp"));
            ProcessHandle.of(owner.pid()).orElseThrow().destroyForcibly();
            await().atMost(Duration.ofSeconds(20)).until(() -> !Files.exists(socket));
        }
    }

    @Test
    void c2_manyClientsComeAndGo() {
        int clients = 100;
        try (SlaveProcess owner = server(address("s"))) {
            for (int i = 0; i < clients; i++) {
                int number = i;
                try (SlaveProcess client = client(address("s"))) {
                    assertThat(client.invoke(() -> number + 1)).isEqualTo(number + 1);
                }
            }
            List<SlaveProcess> together = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                together.add(client(address("s")));
            }
            for (SlaveProcess client : together) {
                assertThat(client.invoke(() -> Heavy.pid())).isEqualTo(owner.pid());
            }
            together.forEach(SlaveProcess::close);
            assertThat(owner.<Integer, RuntimeException>invoke(() -> 1)).isEqualTo(1);
        }
    }

    @Test
    void c3_aPersistentServerStaysUntilItIsStopped() {
        SlaveProcess owner = server(address("s"));
        try {
            owner.persist();
            owner.close();
            await().during(Duration.ofMillis(500)).until(() -> owner.exitCode().isEmpty());
            try (SlaveProcess later = client(address("s"))) {
                assertThat(later.invoke(() -> Heavy.pid())).isEqualTo(owner.pid());
                later.stop();
            }
            await().atMost(Duration.ofSeconds(10)).until(() -> owner.exitCode().isPresent());
            assertThat(folder).isEmptyDirectory();
        } finally {
            owner.terminate();
        }
    }

    @Test
    void c4_aClientWaitsForItsServer() {
        Task<Integer> early = thread(() -> {
            try (SlaveProcess client = client(address("s"))) {
                return client.invoke(() -> 3);
            }
        });
        await().during(Duration.ofMillis(100)).until(() -> !early.isDone()); // it waits, and has not failed
        try (Server serving = serve(address("s"))) {
            assertThat(early.await()).isEqualTo(3);
            assertThat(serving.isOpen()).isTrue();
        }
    }

    @Test
    void c4_aClientWaitsNoLongerThanItsLimit() {
        Duration limit = Duration.ofMillis(200);
        ClientOptions options = ClientOptions.builder().connectLimit(limit).build();
        long start = System.nanoTime();
        assertThatThrownBy(() -> client(address("s"), options))
                .isInstanceOf(ConnectionException.class)
                .hasMessageContaining(address("s"))
                .hasMessageContaining("200 ms");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(limit, Duration.ofSeconds(20));
    }

    @Test
    void c5_thisProcessServesInAThreadOfItsOwn() {
        try (Server serving = serve(address("s"))) {
            assertThat(Files.exists(folder.resolve("s"))).isEqualTo(!transport.equals("tcp"));
            try (SlaveProcess client = client(serving.address())) {
                assertThat(client.pid()).isEqualTo(Heavy.pid());
                String thread = client.invoke(() -> Thread.currentThread().getName());
                assertThat(thread).startsWith("processional-main");
                assertThat(serving.clients()).isEqualTo(1);
            }
            await().until(() -> serving.clients() == 0);
            assertThat(serving.await(Duration.ZERO)).isFalse();
            try (SlaveProcess client = client(serving.address())) {
                client.stop();
            }
            assertThat(serving.await(Duration.ofSeconds(10))).isTrue();
            assertThat(serving.isOpen()).isFalse();
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void c6_whatOneClientStoresAnotherUses() {
        try (SlaveProcess one = server(address("s"));
                SlaveProcess two = client(address("s"))) {
            one.invoke(() -> Heavy.COUNTER.set(41));
            assertThat(two.invoke(() -> Heavy.COUNTER.incrementAndGet())).isEqualTo(42);
            Proxy<List<Integer>> kept = one.wrap("heavy", () -> Heavy.range(10));
            Proxy<List<Integer>> found = two.named("heavy");
            assertThat(two.invoke(() -> Heavy.sum(found.get()))).isEqualTo(45);
            kept.close();
            assertThat(found.get()).hasSize(10);
        }
    }

    @Test
    void aClientThatDiesHarmsNobody() {
        try (SlaveProcess owner = server(address("s"))) {
            String address = address("s");
            try (SlaveProcess other = org.processional.Processional.slave()) {
                other.invoke(() -> {
                    client(address).wrap("mine", () -> 1);
                });
                assertThat(owner.names()).contains("mine");
                other.terminate();
            }
            assertThat(owner.<Integer, RuntimeException>invoke(() -> 1)).isEqualTo(1);
            assertThatThrownBy(() -> owner.named("nobody's")).hasMessageContaining("nobody's");
        }
    }
}
