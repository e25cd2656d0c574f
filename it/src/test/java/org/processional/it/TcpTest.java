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
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.processional.ConnectionException;
import org.processional.Server;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;
import org.processional.spi.Providers;
import org.processional.spi.Transport;

/** What is the transport {@code tcp} alone: secrets, ports and hosts. */
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
    void aSlaveHasASecretOfItsOwnAndAServerTheOneInTheFile() throws IOException {
        Path file = folder.resolve("secret");
        try (SlaveProcess process =
                slave(SlaveOptions.builder().address(fresh()).build())) {
            assertThat(process.invoke(() -> Heavy.pid())).isEqualTo(process.pid());
            assertThat(file).doesNotExist();
        }
        String address = fresh();
        try (SlaveProcess owner = server(address);
                SlaveProcess other = client(address)) {
            assertThat(Files.size(file)).isPositive();
            assertThat(other.pid()).isEqualTo(owner.pid());
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
