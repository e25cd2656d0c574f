// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.processional.spi.channel.ChannelConnection;
import org.processional.spi.channel.ChannelWaitSet;

@Timeout(120)
final class TcpConnectionTest {
    @TempDir
    static Path folder;

    private static TestKeys keys;

    /** The kinds of addresses. */
    enum Kind {
        IPV4,
        IPV6,
        TLS;

        String address() {
            return switch (this) {
                case IPV4 -> "tcp://127.0.0.1:0";
                case IPV6 -> "tcp://[::1]:0";
                case TLS -> "tcp://127.0.0.1:0" + keys.options("one", "one");
            };
        }
    }

    @BeforeAll
    static void makeKeys() throws Exception {
        keys = new TestKeys(folder).make("one", "-ext", "san=ip:127.0.0.1");
    }

    @ParameterizedTest
    @EnumSource
    void aLargeFrameComesBack(Kind kind) throws Exception {
        byte[] bytes = Ends.pattern(20 << 20, false).array();
        try (Ends ends = new Ends(kind.address())) {
            Background<Void> echo = Background.start(() -> {
                Ends.send(ends.server, ByteBuffer.wrap(ends.receiveAtServer()));
                return null;
            });
            Ends.send(
                    ends.client,
                    ByteBuffer.allocateDirect(bytes.length).put(bytes).flip());
            assertThat(ends.receiveAtClient()).isEqualTo(bytes);
            echo.result();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoSendsNeedNotReceive(Kind kind) throws Exception {
        try (Ends ends = new Ends(kind.address())) {
            Background<byte[]> receiver = Background.start(ends::receiveAtServer);
            Ends.send(ends.client, Ends.pattern(100_000, false));
            assertThat(receiver.result()).hasSize(100_000);
        }
        try (Ends ends = new Ends(kind.address())) { // and the one who listens may speak first
            Background<byte[]> receiver = Background.start(ends::receiveAtClient);
            Ends.send(ends.server, Ends.pattern(7, false));
            assertThat(receiver.result()).hasSize(7);
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsDelayed(Kind kind) throws Exception {
        try (Ends ends = new Ends(kind.address())) {
            SocketChannel channel = channel(ends.client);
            assertThat(channel.getOption(StandardSocketOptions.TCP_NODELAY)).isTrue();
            assertThat(channel.getOption(StandardSocketOptions.SO_KEEPALIVE)).isTrue();
            assertThat(channel.isBlocking()).isFalse();
        }
    }

    private static SocketChannel channel(ChannelConnection connection) throws ReflectiveOperationException {
        var method = org.processional.spi.channel.ChannelEnd.class.getDeclaredMethod("channel");
        method.setAccessible(true);
        return (SocketChannel) method.invoke(connection);
    }

    /** What a poll leaves behind must be known to the system: a layer that keeps it would let the waiter sleep on. */
    @ParameterizedTest
    @EnumSource
    void aWaitSetTellsOfEveryFrame(Kind kind) throws Exception {
        int frames = Rounds.of(20_000);
        try (Ends ends = new Ends(kind.address());
                ChannelWaitSet set = new TcpTransport().openWaitSet()) {
            Background<byte[]> greeting = Background.start(ends::receiveAtServer);
            Ends.send(ends.client, ByteBuffer.allocate(1));
            greeting.result();
            set.add(ends.server);
            Random random = Rounds.random("aWaitSetTellsOfEveryFrame");
            int[] sizes = random.ints(frames, 0, 40_000).toArray();
            Background<Void> sender = Background.start(() -> {
                for (int size : sizes) {
                    ends.client.send(ByteBuffer.allocate(size));
                    if (size % 7 == 0) {
                        ends.client.flush();
                    }
                }
                ends.client.flush();
                return null;
            });
            int[] got = {0};
            while (got[0] < frames) {
                set.await(20_000_000_000L);
                assertThat(set.isReady(ends.server))
                        .as("after %d frames", got[0])
                        .isTrue();
                ends.server.poll((frame, owned) -> assertThat(frame.remaining()).isEqualTo(sizes[got[0]++]));
            }
            sender.result();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsTooLongForAStrangerIsRefused(Kind kind) throws Exception {
        try (Ends ends = new Ends(kind.address())) {
            ends.server.limitIncoming(100);
            Background<byte[]> receiver = Background.start(ends::receiveAtServer);
            Ends.send(ends.client, ByteBuffer.allocate(100));
            assertThat(receiver.result()).hasSize(100);
            Ends.send(ends.client, ByteBuffer.allocate(101));
            assertThatThrownBy(ends::receiveAtServer)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("101");
            assertThat(ends.server.isClosed()).isTrue();
        }
    }
}
