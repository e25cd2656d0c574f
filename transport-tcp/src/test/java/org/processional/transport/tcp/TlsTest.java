// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.processional.spi.Address;
import org.processional.spi.channel.ChannelConnection;

/** Who is refused, and what both sides learn of it; the listener goes on. */
@Timeout(120)
final class TlsTest {
    @TempDir
    static Path folder;

    private static TestKeys keys;

    private final TcpTransport transport = new TcpTransport();
    private TcpListener listener;

    @BeforeAll
    static void makeKeys() throws Exception {
        keys = new TestKeys(folder)
                .make("server", "-ext", "san=ip:127.0.0.1")
                .make("client")
                .make("stranger", "-ext", "san=ip:127.0.0.1")
                .make("elsewhere", "-ext", "san=dns:elsewhere.example")
                .make("old", "-ext", "san=ip:127.0.0.1", "-startdate", "-10d", "-validity", "5");
    }

    @BeforeEach
    void listen() throws IOException {
        listener = transport.listen(Address.parse("tcp://127.0.0.1:0" + keys.options("server", "client")));
    }

    @AfterEach
    void aGoodClientStillGetsIn() throws Exception {
        try (TcpListener closing = listener) {
            Outcome outcome = exchange(closing, keys.options("client", "server"));
            assertThat(outcome.client()).isNull();
            assertThat(outcome.server()).isNull();
        }
    }

    /** What each side came to; null for success. */
    private record Outcome(Throwable client, Throwable server) {}

    private Outcome exchange(TcpListener at, String clientOptions) throws Exception {
        String target = "tcp:" + at.address().target();
        try (ChannelConnection client = transport.connect(Address.parse(target + clientOptions), Ends.LONG);
                ChannelConnection server = at.accept(Ends.LONG)) {
            Background<Throwable> serving = Background.start(() -> outcome(server, false));
            Throwable failure = outcome(client, true);
            return new Outcome(failure, serving.result());
        }
    }

    private static Throwable outcome(ChannelConnection connection, boolean speaks) {
        try (connection) {
            if (speaks) {
                Ends.send(connection, ByteBuffer.allocate(10));
            }
            assertThat(connection.receive((frame, owned) -> {}, Ends.LONG)).isEqualTo(1);
            if (!speaks) {
                Ends.send(connection, ByteBuffer.allocate(10));
            }
            return null;
        } catch (IOException e) {
            return e;
        }
    }

    @Test
    void aClientThatTheListenerDoesNotTrustIsRefused() throws Exception {
        Outcome outcome = exchange(listener, keys.options("stranger", "server"));
        assertThat(outcome.client()).hasMessageContaining("refused").hasMessageContaining("trust");
        assertThat(outcome.server()).hasMessageContaining("no certificate that this side trusts");
    }

    @Test
    void aListenerThatTheClientDoesNotTrustIsRefused() throws Exception {
        Outcome outcome = exchange(listener, keys.options("client", "stranger"));
        assertThat(outcome.client()).hasMessageContaining("TLS failed").hasMessageContaining("path");
        assertThat(outcome.server()).hasMessageContaining("refused").hasMessageContaining("trust");
    }

    @Test
    void certificatesOutOfDateAreRefusedThoughTrusted() throws Exception {
        try (TcpListener tolerant =
                transport.listen(Address.parse("tcp://127.0.0.1:0" + keys.options("server", "old")))) {
            Outcome outcome = exchange(tolerant, keys.options("old", "server"));
            assertThat(outcome.client()).hasMessageContaining("refused").hasMessageContaining("in date");
            assertThat(outcome.server()).hasMessageContaining("CN=old").hasMessageContaining("valid");
        }
        try (TcpListener old = transport.listen(Address.parse("tcp://127.0.0.1:0" + keys.options("old", "client")))) {
            Outcome outcome = exchange(old, keys.options("client", "old"));
            assertThat(outcome.client()).hasMessageContaining("CN=old").hasMessageContaining("valid");
            assertThat(outcome.server()).hasMessageContaining("refused");
        }
    }

    @Test
    void aCertificateOfAnotherHostIsRefused() throws Exception {
        try (TcpListener other =
                transport.listen(Address.parse("tcp://127.0.0.1:0" + keys.options("elsewhere", "client")))) {
            Outcome outcome = exchange(other, keys.options("client", "elsewhere"));
            assertThat(outcome.client()).hasMessageContaining("127.0.0.1");
            assertThat(outcome.server()).isNotNull();
        }
    }

    @Test
    void aPlainClientIsRefused() throws Exception {
        Outcome outcome = exchange(listener, "");
        assertThat(outcome.server()).hasMessageContaining("does not speak TLS").hasMessageContaining("tls=true");
        assertThat(outcome.client()).isNotNull();
    }

    @Test
    void aPlainListenerIsRefused() throws Exception {
        try (TcpListener plain = transport.listen(Address.parse("tcp://127.0.0.1:0"))) {
            Outcome outcome = exchange(plain, keys.options("client", "server"));
            assertThat(outcome.server()).hasMessageContaining("speaks TLS").hasMessageContaining("tls=true");
            assertThat(outcome.client())
                    .hasMessageContaining("TLS handshake")
                    .hasMessageContaining("does not speak TLS");
        }
    }

    @Test
    void aStrangerThatSaysNothingHoldsUpNobody() throws Exception {
        try (ChannelConnection silent = transport.connect(
                        Address.parse("tcp:" + listener.address().target()), Ends.LONG);
                ChannelConnection server = listener.accept(Ends.LONG)) {
            assertThat(server.poll((frame, owned) -> {})).isZero();
            assertThat(silent.isClosed()).isFalse();
            aGoodClientStillGetsIn();
            listen();
        }
    }
}
