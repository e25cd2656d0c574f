// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.processional.spi.FrameHandler;
import org.processional.spi.channel.ChannelConnection;
import org.processional.spi.channel.ChannelWaitSet;

@Timeout(120)
final class TcpConnectionTest {
    private static final int[] SIZES = {0, 1, 64, 16_384, 65_531, 65_532, 65_533, 65_536, 131_068, 131_069, 1 << 20};

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
    void framesOfAllSizesArriveWholeAndInOrder(Kind kind) throws Exception {
        try (Ends ends = new Ends(kind.address())) {
            for (boolean direct : new boolean[] {false, true}) {
                Background<Void> sender = Background.start(() -> {
                    for (int size : SIZES) {
                        ends.client.send(Ends.pattern(size, direct));
                    }
                    ends.client.flush();
                    return null;
                });
                for (int size : SIZES) {
                    assertThat(ends.receiveAtServer())
                            .isEqualTo(Ends.pattern(size, false).array());
                }
                sender.result();
            }
        }
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

    @ParameterizedTest
    @EnumSource
    void anEndedConnectionDeliversWhatWasFlushed(Kind kind) throws Exception {
        for (int round = 0; round < Rounds.of(200); round++) {
            try (Ends ends = new Ends(kind.address())) {
                Background<Void> greeting = Background.start(() -> {
                    Ends.send(ends.client, ByteBuffer.allocate(1));
                    return null;
                });
                ends.receiveAtServer();
                greeting.result();
                Ends.send(ends.server, ByteBuffer.allocate(5)); // unread by the client
                for (int i = 0; i < 50; i++) {
                    ends.client.send(Ends.pattern(i * 40, false));
                }
                ends.client.flush();
                ends.client.close();
                for (int i = 0; i < 50; i++) {
                    assertThat(ends.receiveAtServer())
                            .isEqualTo(Ends.pattern(i * 40, false).array());
                }
                for (int i = 0; i < 2; i++) {
                    assertThatThrownBy(ends::receiveAtServer)
                            .isInstanceOf(EOFException.class)
                            .hasMessageContaining(ends.server.peer());
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void closeWakesABlockedReceiveAndABlockedSend(Kind kind) throws Exception {
        for (int round = 0; round < Rounds.of(100); round++) {
            try (Ends ends = new Ends(kind.address())) {
                Background<Integer> receiver =
                        Background.start(() -> ends.server.receive((frame, owned) -> {}, Duration.ofDays(1)));
                Background<Void> sender = Background.start(() -> {
                    while (true) {
                        ends.client.send(ByteBuffer.allocate(100_000));
                    }
                });
                if (round % 2 == 0) {
                    sender.awaitSelecting();
                }
                ends.client.close();
                assertThat(sender.failure()).isInstanceOf(IOException.class).hasMessageContaining("closed here");
                ends.server.close();
                try {
                    receiver.result();
                } catch (java.util.concurrent.ExecutionException e) {
                    assertThat(e).cause().isInstanceOf(IOException.class);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void interruptsThatComeDuringWaitsTearNothing(Kind kind) throws Exception {
        Random random = Rounds.random("interruptsThatComeDuringWaitsTearNothing");
        int frames = Rounds.of(1_000);
        int[] sizes = random.ints(frames, 0, 150_000).toArray();
        try (Ends ends = new Ends(kind.address())) {
            Background<Void> sender = Background.start(() -> {
                for (int size : sizes) {
                    ends.client.send(Ends.pattern(size, false));
                }
                ends.client.flush();
                return null;
            });
            Background<Void> receiver = Background.start(() -> {
                int[] next = {0};
                while (next[0] < frames) {
                    ends.server.receive(
                            (frame, owned) -> assertThat(frame.mismatch(Ends.pattern(sizes[next[0]++], false)))
                                    .isEqualTo(-1),
                            Ends.LONG);
                    Thread.interrupted();
                }
                return null;
            });
            while (!receiver.isDone()) {
                sender.thread().interrupt();
                receiver.thread().interrupt();
            }
            receiver.result();
            sender.result();
        }
    }

    @ParameterizedTest
    @EnumSource
    void bothDirectionsUnderLoadNeverDeadlock(Kind kind) throws Exception {
        long seed = Rounds.random("bothDirectionsUnderLoadNeverDeadlock").nextLong();
        int frames = Rounds.of(20_000);
        try (Ends ends = new Ends(kind.address())) {
            Background<Void> one = Background.start(() -> exchange(ends.client, frames, seed, seed + 1));
            Background<Void> other = Background.start(() -> exchange(ends.server, frames, seed + 1, seed));
            one.result();
            other.result();
        }
    }

    /** One thread that offers all it has and polls in between: neither side may wait for the other to read first. */
    private static Void exchange(ChannelConnection connection, int frames, long sent, long received)
            throws IOException {
        Random sizes = new Random(sent);
        Random expected = new Random(received);
        int[] got = {0};
        FrameHandler check = (frame, owned) -> {
            assertThat(frame.mismatch(Ends.pattern(size(expected), false))).isEqualTo(-1);
            got[0]++;
        };
        ByteBuffer frame = Ends.pattern(size(sizes), false);
        int left = frames;
        boolean flushed = false;
        while (left > 0 || !flushed || got[0] < frames) {
            while (left > 0 && connection.offer(frame)) {
                left--;
                frame = Ends.pattern(size(sizes), left % 3 == 0);
            }
            flushed = connection.flushNow();
            if (got[0] < frames) {
                connection.poll(check);
            }
        }
        return null;
    }

    private static int size(Random random) {
        return random.nextInt(20) == 0 ? random.nextInt(300_000) : random.nextInt(200);
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
