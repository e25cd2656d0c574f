// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.processional.Processional.client;
import static org.processional.Processional.serve;
import static org.processional.Processional.server;
import static org.processional.Processional.slave;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.processional.ClientOptions;
import org.processional.ConnectionException;
import org.processional.Output;
import org.processional.ProviderException;
import org.processional.ServeOptions;
import org.processional.Server;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;
import org.processional.SlaveStartException;

/** What goes wrong at the start is told at once, with the way out. */
@Timeout(60)
class BadStartTest {
    @TempDir
    Path folder;

    private static SlaveOptions.Builder quiet() {
        return SlaveOptions.builder().output(Output.DISCARD);
    }

    @Test
    void aJvmThatDoesNotStartIsToldWithItsWords() {
        assertThatThrownBy(() -> slave(quiet().flags("-XX:+NoSuchFlag").build()))
                .isInstanceOf(SlaveStartException.class)
                .hasMessageContaining("exit code 1")
                .hasMessageContaining("NoSuchFlag");
        assertThatThrownBy(() -> slave(quiet().heap("900000g").build())).isInstanceOf(SlaveStartException.class);
        assertThatThrownBy(() -> slave(quiet().javaHome(folder).build()))
                .isInstanceOf(SlaveStartException.class)
                .hasMessageContaining(folder.toString());
        assertThatThrownBy(() -> slave(quiet().directory(folder.resolve("none")).build()))
                .isInstanceOf(SlaveStartException.class)
                .hasMessageContaining("none");
        assertThatThrownBy(() -> slave(quiet().initialClass("no.such.Thing").build()))
                .isInstanceOf(SlaveStartException.class)
                .hasMessageContaining("no.such.Thing");
    }

    /** An initial class that begins a thread, which would keep its JVM, and fails. */
    public static final class FailsBesideAThread {
        private FailsBesideAThread() {}

        public static void main(String[] arguments) {
            new Thread(() -> {
                        while (true) {
                            LockSupport.park();
                        }
                    })
                    .start();
            throw new IllegalStateException("told to fail");
        }
    }

    @Test
    void aStartThatFailsEndsThoughAThreadGoesOn() {
        SlaveOptions options = quiet().initialClass(FailsBesideAThread.class.getName())
                .startLimit(Duration.ofSeconds(50))
                .build();
        assertThatThrownBy(() -> slave(options))
                .isInstanceOf(SlaveStartException.class)
                .hasMessageContaining("exit code 1")
                .hasMessageContaining("told to fail");
    }

    @Test
    void optionsOutOfRangeAreNamed() {
        assertThatThrownBy(() -> quiet().heap("much").build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("much");
        assertThatThrownBy(() -> quiet().startLimit(Duration.ofSeconds(-1)).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("startLimit");
        assertThatThrownBy(() -> quiet().credits(0).build()).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void addressesThatCannotBeUsedAreNamed() throws Exception {
        assertThatThrownBy(() -> client("carrier-pigeon:roof"))
                .isInstanceOf(ProviderException.class)
                .hasMessageContaining("carrier-pigeon")
                .hasMessageContaining("unix");
        assertThatThrownBy(() -> client("nonsense"))
                .isInstanceOf(ConnectionException.class)
                .hasMessageContaining("nonsense");
        assertThatThrownBy(() -> serve("unix:" + folder.resolve("x".repeat(200))))
                .isInstanceOf(ConnectionException.class)
                .hasMessageContaining("long");
        assertThatThrownBy(() -> serve("unix:" + folder.resolve("none/socket")))
                .isInstanceOf(ConnectionException.class)
                .hasMessageContaining("none");
        Path file = Files.writeString(folder.resolve("file"), "precious");
        assertThatThrownBy(() -> serve("unix:" + file)).isInstanceOf(ConnectionException.class);
        assertThat(file).hasContent("precious");
        ClientOptions once =
                ClientOptions.builder().connectLimit(Duration.ofMillis(20)).build();
        assertThatThrownBy(() -> client("unix:" + folder.resolve("nobody"), once))
                .isInstanceOf(ConnectionException.class)
                .hasMessageContaining("nobody");
    }

    @Test
    void anAddressInUseIsRefused() {
        String address = "unix:" + folder.resolve("s");
        try (Server serving = serve(address)) {
            assertThatThrownBy(() -> serve(address))
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining(address);
            assertThatThrownBy(() -> server(quiet().address(address).build()))
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("in use");
            assertThat(serving.isOpen()).isTrue();
        }
    }

    @Test
    void aWrongSecretIsRefused() {
        String address = "unix:" + folder.resolve("s");
        try (Server serving =
                serve(address, ServeOptions.builder().secret("open sesame").build())) {
            assertThatThrownBy(() -> client(address))
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("secret");
            try (SlaveProcess ok = client(
                    address, ClientOptions.builder().secret("open sesame").build())) {
                assertThat(ok.<Integer, RuntimeException>invoke(() -> 1)).isEqualTo(1);
            }
            assertThat(serving.isOpen()).isTrue();
        }
    }
}
