// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.processional.Processional.client;
import static org.processional.Processional.serve;
import static org.processional.Processional.server;
import static org.processional.Processional.slave;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
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
import org.processional.spi.Providers;
import org.processional.spi.Transport;

/** Slaves, servers and clients over the network's sockets. */
@Timeout(120)
class TcpTest {
    @TempDir
    Path folder;

    private String secret;

    @BeforeEach
    void nameTheSecret() {
        secret = "?secret-file=" + folder.resolve("secret");
    }

    private String fresh() throws IOException {
        for (Transport transport : Providers.find(Transport.class).providers()) {
            if (transport.scheme().equals("tcp")) {
                return transport.freshAddress() + secret;
            }
        }
        throw new AssertionError("no transport tcp");
    }

    private SlaveOptions.Builder fast() throws IOException {
        return SlaveOptions.builder().address(fresh());
    }

    @Test
    void aSlaveRunsTasksAndTellsFailures() throws IOException {
        try (SlaveProcess process = slave(fast().build())) {
            assertThat(process.invoke(() -> Heavy.pid())).isEqualTo(process.pid());
            assertThatThrownBy(() -> process.invoke(() -> {
                        throw new IllegalStateException("over there");
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("over there");
            Proxy<List<Integer>> heavy = process.wrap(() -> Heavy.range(1000));
            assertThat(process.invoke(() -> Heavy.sum(heavy.get()))).isEqualTo(499_500);
            byte[] large = new byte[3 << 20];
            Arrays.fill(large, (byte) 7);
            assertThat(process.invoke(() -> large)).isEqualTo(large);
            assertThat(folder.resolve("secret")).doesNotExist(); // a slave has a secret of its own
        }
    }

    @Test
    void aKilledSlaveIsToldAsSuch() throws Exception {
        try (SlaveProcess process = slave(fast().build())) {
            Task<?> endless = process.schedule(() -> {
                while (true) {
                    Thread.sleep(1000);
                }
            });
            ProcessHandle.of(process.pid()).orElseThrow().destroyForcibly();
            assertThatThrownBy(endless::await)
                    .isInstanceOf(SlaveDiedException.class)
                    .hasMessageContaining("SIGKILL");
        }
    }

    @Test
    void aServerHasManyClientsWhoShareTheSecretFile() throws IOException {
        String address = fresh();
        try (SlaveProcess owner = server(SlaveOptions.builder().address(address).build())) {
            assertThat(Files.size(folder.resolve("secret"))).isPositive();
            List<SlaveProcess> clients = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                clients.add(client(address));
            }
            for (SlaveProcess one : clients) {
                assertThat(one.invoke(() -> Heavy.pid())).isEqualTo(owner.pid());
            }
            clients.forEach(SlaveProcess::close);
            assertThat(owner.<Integer, RuntimeException>invoke(() -> 1)).isEqualTo(1);
        }
    }

    @Test
    void aServerCanHaveASecretOfItsOwn() throws IOException {
        String address = fresh();
        SlaveOptions options =
                SlaveOptions.builder().address(address).secret("open sesame").build();
        try (SlaveProcess owner = server(options)) {
            assertThat(owner.<Integer, RuntimeException>invoke(() -> 1)).isEqualTo(1);
            assertThatThrownBy(() -> client(address))
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("secret");
        }
    }

    @Test
    void thisProcessServesAtAPortThatItIsGiven() {
        for (String host : List.of("127.0.0.1", "[::1]", "localhost")) {
            try (Server serving = serve("tcp://" + host + ":0" + secret)) {
                assertThat(serving.address()).startsWith("tcp://" + host + ":").doesNotContain(":0?");
                try (SlaveProcess client = client(serving.address())) {
                    assertThat(client.invoke(() -> Heavy.pid())).isEqualTo(Heavy.pid());
                    client.stop();
                }
            }
        }
    }

    @Test
    void aHostThatOthersReachIsRefusedWithoutTls() {
        assertThatThrownBy(() -> serve("tcp://0.0.0.0:0"))
                .isInstanceOf(ConnectionException.class)
                .hasMessageContaining("plaintext=allowed");
    }
}
