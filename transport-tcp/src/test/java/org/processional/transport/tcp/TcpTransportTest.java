// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processional.spi.Address;
import org.processional.spi.NetworkTransport;
import org.processional.spi.Transport;
import org.processional.spi.channel.ChannelConnection;

@Timeout(120)
final class TcpTransportTest {
    private final TcpTransport transport = new TcpTransport();

    @Test
    void isFoundAndBelowUnix() {
        assertThat(ServiceLoader.load(Transport.class))
                .anySatisfy(found -> assertThat(found).isInstanceOf(TcpTransport.class));
        assertThat(transport).isInstanceOf(NetworkTransport.class);
        assertThat(transport.priority()).isBetween(0, 99);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tcp:host:1",
                "tcp://:1",
                "tcp://host",
                "tcp://host:",
                "tcp://host:65536",
                "tcp://host:1x",
                "tcp://::1:1",
                "tcp://[host]:1",
                "tcp://host/path:1",
            })
    void malformedAddressesAreNamed(String text) {
        assertThatThrownBy(() -> transport.listen(Address.parse(text)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(text)
                .hasMessageContaining("tcp://host:port");
    }

    @Test
    void unknownOptionsAreRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> transport.connect(Address.parse("tcp://127.0.0.1:1?tsl=true"), Duration.ZERO))
                .hasMessageContaining("\"tsl\"")
                .hasMessageContaining("plaintext")
                .hasMessageContaining("secret-file")
                .hasMessageContaining("key-store");
        assertThatThrownBy(() -> transport.listen(Address.parse("tcp://127.0.0.1:0?plaintext=yes")))
                .hasMessageContaining("plaintext=allowed");
        assertThatThrownBy(() -> transport.listen(Address.parse("tcp://127.0.0.1:0?key-store=x")))
                .hasMessageContaining("tls=true");
        assertThatThrownBy(() -> transport.listen(Address.parse("tcp://127.0.0.1:0?tls=true&key=x")))
                .hasMessageContaining("certificate");
        assertThatThrownBy(() -> transport.listen(
                        Address.parse("tcp://127.0.0.1:0?tls=true&certificate=/none&key=/none&trust=/none")))
                .hasMessageContaining("/none");
    }

    @Test
    void otherHostsNeedTlsOrTheNameOfTheRisk() throws IOException {
        assertThatThrownBy(() -> transport.listen(Address.parse("tcp://0.0.0.0:0")))
                .hasMessageContaining("plaintext=allowed")
                .hasMessageContaining("tls=true");
        assertThatThrownBy(() -> transport.connect(Address.parse("tcp://192.0.2.1:9"), Duration.ZERO))
                .hasMessageContaining("plaintext=allowed");
        try (TcpListener listener = transport.listen(Address.parse("tcp://0.0.0.0:0?plaintext=allowed"))) {
            assertThat(listener.address().toString()).endsWith("?plaintext=allowed");
            InetAddress own = anyAddress();
            Address there = Address.parse(
                    "tcp://" + own.getHostAddress() + ":" + port(listener.address()) + "?plaintext=allowed");
            try (ChannelConnection client = transport.connect(there, Ends.LONG);
                    ChannelConnection server = listener.accept(Ends.LONG)) {
                Ends.send(client, ByteBuffer.allocate(3));
                assertThat(server.receive((frame, owned) -> {}, Ends.LONG)).isEqualTo(1);
            }
        }
    }

    /** An address of this host that is not loopback, if it has one. */
    private static InetAddress anyAddress() throws IOException {
        for (NetworkInterface one : NetworkInterface.networkInterfaces().toList()) {
            for (InetAddress address : one.inetAddresses().toList()) {
                if (!address.isLoopbackAddress() && address instanceof java.net.Inet4Address) {
                    return address;
                }
            }
        }
        return InetAddress.getLoopbackAddress();
    }

    private static int port(Address address) {
        return Integer.parseInt(address.target().substring(address.target().lastIndexOf(':') + 1));
    }

    @Test
    void theListenerTellsThePortThatItGot() throws IOException {
        try (TcpListener four = transport.listen(Address.parse("127.0.0.1:0"));
                TcpListener six = transport.listen(Address.parse("tcp://[::1]:0"));
                TcpListener name = transport.listen(Address.parse("tcp://localhost:0?secret-file=/some/file"))) {
            assertThat(four.address().toString()).matches("tcp://127\\.0\\.0\\.1:[1-9][0-9]*");
            assertThat(six.address().toString()).matches("tcp://\\[::1]:[1-9][0-9]*");
            assertThat(name.address().toString()).matches("tcp://localhost:[1-9][0-9]*\\?secret-file=/some/file");
            for (TcpListener listener : List.of(four, six, name)) {
                transport.connect(listener.address(), Ends.LONG).close();
            }
        }
    }

    @Test
    void aLiveListenerIsNotReplacedAndADeadOneIs() throws IOException {
        Address address;
        try (TcpListener listener = transport.listen(Address.parse("tcp://127.0.0.1:0"))) {
            address = listener.address();
            assertThatThrownBy(() -> transport.listen(address))
                    .hasMessageContaining(address.toString())
                    .hasMessageContaining("port 0");
            try (ChannelConnection client = transport.connect(address, Ends.LONG);
                    ChannelConnection server = listener.accept(Ends.LONG)) {
                server.close(); // the end of a connection stays in the system for a minute
                assertThatThrownBy(() -> client.receive((frame, owned) -> {}, Ends.LONG))
                        .isInstanceOf(IOException.class);
            }
        }
        transport.listen(address).close();
    }

    @Test
    void nobodyConnectsToPortZero() {
        assertThatThrownBy(() -> transport.connect(Address.parse("tcp://127.0.0.1:0"), Ends.LONG))
                .hasMessageContaining("port 0");
    }

    @Test
    void freshAddressesAreFreeAndOfThisHost() throws IOException {
        Set<Address> seen = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            Address address = transport.freshAddress();
            assertThat(seen.add(address)).isTrue();
            assertThat(address.target()).startsWith("//127.");
            try (TcpListener listener = transport.listen(address);
                    ChannelConnection client = transport.connect(address, Ends.LONG)) {
                assertThat(listener.address()).isEqualTo(address);
                assertThat(client.isClosed()).isFalse();
            }
        }
    }

    @Test
    void whoWaitsInVainIsToldWhere() throws IOException {
        Address address = transport.freshAddress();
        assertThatThrownBy(() -> transport.connect(address, Duration.ZERO))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining(address.toString());
        assertThatThrownBy(() -> transport.connect(address, Duration.ofMillis(30)))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("30 ms");
        assertThatThrownBy(() -> transport.connect(Address.parse("tcp://no-such-host.invalid:1"), Ends.LONG))
                .isNotInstanceOf(ConnectException.class)
                .hasMessageContaining("no-such-host.invalid");
    }

    /** 2001:db8:: is kept for documents: there is no way to it, or nobody answers. */
    @Test
    void aHostThatCannotBeReachedIsWaitedForLikeOneThatDoesNotListen() {
        Address address = Address.parse("tcp://[2001:db8::1]:7?plaintext=allowed");
        assertThatThrownBy(() -> transport.connect(address, Duration.ofMillis(30)))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("nobody answers at")
                .hasMessageContaining("30 ms");
    }

    @Test
    void whatIsNoFrameEndsTheConnection() throws IOException {
        try (TcpListener listener = transport.listen(Address.parse("tcp://127.0.0.1:0"))) {
            byte[][] strangers = {
                "GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                {-1, -1, -1, -1},
                {22, 3, 1, 2, 0, 1, 0, 1, -4, 3, 3} // the beginning of TLS
            };
            String[] words = {"sent a frame of", "sent a frame of", "speaks TLS"};
            for (int i = 0; i < strangers.length; i++) {
                try (SocketChannel stranger =
                                SocketChannel.open(new InetSocketAddress("127.0.0.1", port(listener.address())));
                        ChannelConnection server = listener.accept(Ends.LONG)) {
                    stranger.write(ByteBuffer.wrap(strangers[i]));
                    assertThatThrownBy(() -> server.receive((frame, owned) -> {}, Ends.LONG))
                            .isInstanceOf(IOException.class)
                            .hasMessageContaining(words[i]);
                }
            }
        }
    }
}
