// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.processional.Processional.client;
import static org.processional.Processional.serve;
import static org.processional.Processional.slave;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.processional.ClientOptions;
import org.processional.ConnectionException;
import org.processional.ServeOptions;
import org.processional.Server;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;

/** The whole way over TLS. */
@Timeout(120)
class TlsTest {
    private static final String SECRET = "known to both ends";

    @TempDir
    static Path folder;

    @BeforeAll
    static void makeKeys() throws Exception {
        Files.writeString(folder.resolve("password"), "a test's password");
        for (String name : List.of("server", "client", "stranger")) {
            keytool("-genkeypair -keyalg EC -dname CN=" + name + " -ext san=ip:127.0.0.1 -storetype PKCS12 -keystore "
                    + name + ".p12 -alias " + name);
        }
    }

    private static void keytool(String arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        line.addAll(List.of(arguments.split(" ")));
        line.addAll(List.of("-storepass:file", "password"));
        Process process = new ProcessBuilder(line)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(output).isZero();
    }

    /** A key store serves as trust store as well: of the certificate of its key. */
    private static String options(String own, String trusted) {
        return "?tls=true&key-store=" + folder.resolve(own + ".p12") + "&trust-store="
                + folder.resolve(trusted + ".p12") + "&password-file=" + folder.resolve("password");
    }

    private static ClientOptions secret(String secret) {
        return ClientOptions.builder()
                .secret(secret)
                .connectLimit(Duration.ofSeconds(20))
                .build();
    }

    @Test
    void clientsWithTheRightKeysAndTheSecretGetInAndNobodyElse() {
        try (Server server = serve(
                "tcp://127.0.0.1:0" + options("server", "client"),
                ServeOptions.builder().secret(SECRET).build())) {
            String target = server.address().substring(0, server.address().indexOf('?'));
            String good = target + options("client", "server");
            byte[] large = new byte[5 << 20];
            Arrays.fill(large, (byte) 7);
            for (int round = 0; round < 2; round++) {
                try (SlaveProcess one = client(good, secret(SECRET));
                        SlaveProcess two = client(good, secret(SECRET))) {
                    assertThat(one.invoke(() -> Heavy.pid())).isEqualTo(Heavy.pid());
                    assertThat(two.invoke(() -> large)).isEqualTo(large);
                    assertThatThrownBy(() -> two.invoke(() -> {
                                throw new IllegalStateException("over there");
                            }))
                            .isInstanceOf(IllegalStateException.class);
                }
                assertThatThrownBy(() -> client(good, secret("known to one end")))
                        .isInstanceOf(ConnectionException.class)
                        .hasMessageContaining("the secret is wrong");
                assertThatThrownBy(() -> client(target + options("stranger", "server"), secret(SECRET)))
                        .isInstanceOf(ConnectionException.class)
                        .hasMessageContaining("refused the TLS connection");
                assertThatThrownBy(() -> client(target + options("client", "stranger"), secret(SECRET)))
                        .isInstanceOf(ConnectionException.class)
                        .hasMessageContaining("TLS failed");
                assertThatThrownBy(() -> client(target, secret(SECRET))).isInstanceOf(ConnectionException.class);
            }
            assertThat(server.isOpen()).isTrue();
        }
    }

    /** Whoever needs none of it does not pay for it: the classes cost a fresh JVM 70 ms and more. */
    @Test
    void aSlaveOverAUnixSocketLoadsNoCryptography() throws IOException {
        Path log = folder.resolve("loaded");
        SlaveOptions options = SlaveOptions.builder()
                .transport("unix")
                .flags("-Xlog:class+load:file=" + log)
                .build();
        try (SlaveProcess process = slave(options)) {
            assertThat(process.invoke(() -> Heavy.pid())).isEqualTo(process.pid());
            assertThat(process.address()).startsWith("unix:");
        }
        assertThat(Files.readAllLines(log))
                .anyMatch(line -> line.contains("org.processional.engine.peer.Handshake"))
                .noneMatch(line -> line.contains(" javax.crypto.Mac ")
                        || line.contains(" javax.crypto.JceSecurity ")
                        || line.contains("peer.Authentication"));
    }
}
