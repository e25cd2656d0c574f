// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.unix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.processional.spi.FrameHandler;
import org.processional.spi.channel.ChannelConnection;
import org.processional.spi.channel.FrameFormat;

@Timeout(120)
final class UnixConnectionTest {
    private static final int[] SIZES = {
        0, 1, 64, 65_531, 65_532, 65_533, 65_535, 65_536, 65_537, 131_067, 131_068, 131_069, 1 << 20, (1 << 20) + 1
    };

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void framesOfAllSizesArriveWholeAndInOrder(Kind kind) throws Exception {
        try (Pair pair = Pair.open(kind, directory)) {
            for (boolean direct : new boolean[] {false, true}) {
                Background<Void> sender = Background.start(() -> {
                    for (int size : SIZES) {
                        pair.client().send(pattern(size, direct));
                    }
                    pair.client().flush();
                    return null;
                });
                for (int size : SIZES) {
                    assertThat(receiveOne(pair.server()))
                            .isEqualTo(pattern(size, false).array());
                }
                sender.result();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFrameOfOneHundredMebibytesArrives(Kind kind) throws Exception {
        int size = 100 << 20;
        try (Pair pair = Pair.open(kind, directory)) {
            Background<Void> sender = Background.start(() -> {
                pair.client().send(pattern(size, false));
                pair.client().flush();
                return null;
            });
            List<ByteBuffer> kept = new ArrayList<>();
            while (kept.isEmpty()) {
                pair.server()
                        .receive(
                                (frame, owned) -> {
                                    assertThat(owned).isTrue();
                                    kept.add(frame);
                                },
                                Pair.LONG);
            }
            sender.result();
            assertThat(kept.get(0).mismatch(pattern(size, false))).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFrameAboveTheLimitIsRefusedAndTheConnectionLives(Kind kind) throws Exception {
        try (Pair pair = Pair.open(kind, directory)) {
            ByteBuffer huge = sparse(FrameFormat.MAX_FRAME_BYTES + 1);
            assertThatThrownBy(() -> pair.client().send(huge))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(Integer.toString(FrameFormat.MAX_FRAME_BYTES));
            assertThat(huge.position()).isZero();
            sendAndFlush(pair.client(), ByteBuffer.allocate(3));
            assertThat(receiveOne(pair.server())).hasSize(3);
            assertThat(pair.client().maxFrameBytes()).isEqualTo(FrameFormat.MAX_FRAME_BYTES);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theBufferMayBeUsedAgainAfterSend(Kind kind) throws Exception {
        try (Pair pair = Pair.open(kind, directory)) {
            ByteBuffer buffer = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
            for (byte i = 0; i < 10; i++) {
                Arrays.fill(buffer.clear().array(), i);
                buffer.position(1 + i).limit(12);
                pair.client().send(buffer);
                assertThat(buffer.hasRemaining()).isFalse();
                assertThat(buffer.limit()).isEqualTo(12);
            }
            pair.client().flush();
            for (byte i = 0; i < 10; i++) {
                byte[] expected = new byte[11 - i];
                Arrays.fill(expected, i);
                assertThat(receiveOne(pair.server())).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aHandlerMayChangeTheBufferAndFail(Kind kind) throws Exception {
        try (Pair pair = Pair.open(kind, directory)) {
            for (int i = 0; i < 4; i++) {
                pair.client().send(pattern(10 + i, false));
            }
            pair.client().flush();
            FrameHandler failing = (frame, owned) -> {
                frame.order(ByteOrder.LITTLE_ENDIAN).clear();
                throw new IllegalStateException("handler");
            };
            assertThatThrownBy(() -> pair.server().receive(failing, Pair.LONG)).hasMessage("handler");
            assertThatThrownBy(() -> pair.server().receive(failing, Pair.LONG)).hasMessage("handler");
            assertThat(receiveOne(pair.server())).isEqualTo(pattern(12, false).array());
            assertThat(receiveOne(pair.server())).isEqualTo(pattern(13, false).array());
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEndedConnectionDeliversWhatWasFlushed(Kind kind) throws Exception {
        for (int round = 0; round < Rounds.of(200); round++) {
            try (Pair pair = Pair.open(kind, directory)) {
                sendAndFlush(pair.server(), ByteBuffer.allocate(5)); // unread by the client: resets the connection
                for (int i = 0; i < 50; i++) {
                    pair.client().send(pattern(i * 40, false));
                }
                pair.client().flush();
                pair.client().close();
                for (int i = 0; i < 50; i++) {
                    assertThat(receiveOne(pair.server()))
                            .isEqualTo(pattern(i * 40, false).array());
                }
                for (int i = 0; i < 2; i++) {
                    assertThatThrownBy(() -> receiveOne(pair.server()))
                            .isInstanceOf(EOFException.class)
                            .hasMessageContaining(pair.server().peer());
                }
                assertThatThrownBy(() -> {
                            while (true) {
                                sendAndFlush(pair.server(), ByteBuffer.allocate(100));
                            }
                        })
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining(pair.server().peer());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aKilledPeerIsAnEndAfterWhatItSent(Kind kind) throws Exception {
        UnixTransport transport = new UnixTransport();
        String address = kind.address(directory).toString();
        try (Jvm peer = Jvm.start("listen", address)) {
            assertThat(peer.line()).isEqualTo("listening");
            try (ChannelConnection connection =
                    transport.connect(org.processional.spi.Address.parse(address), Pair.LONG)) {
                assertThat(peer.line()).isEqualTo("sent");
                if (kind != Kind.JDK) {
                    assertThat(connection.peer()).contains("process " + peer.pid());
                }
                peer.kill();
                assertThat(receiveOne(connection)).hasSize(100);
                assertThat(receiveOne(connection)).hasSize(100);
                assertThatThrownBy(() -> receiveOne(connection))
                        .isInstanceOf(EOFException.class)
                        .hasMessageContaining("in the middle of a frame")
                        .hasMessageContaining("" + (10 << 20));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void closeWakesABlockedReceive(Kind kind) throws Exception {
        for (int round = 0; round < Rounds.of(200); round++) {
            try (Pair pair = Pair.open(kind, directory)) {
                Background<Integer> receiver =
                        Background.start(() -> pair.server().receive((frame, owned) -> {}, Duration.ofDays(200_000)));
                if (round % 2 == 0) {
                    receiver.awaitSelecting();
                }
                pair.server().close();
                assertThat(receiver.failure()).isInstanceOf(IOException.class).hasMessageContaining("closed here");
                pair.server().close();
                assertThatThrownBy(() -> receiveOne(pair.client())).isInstanceOf(EOFException.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void closeWakesABlockedSend(Kind kind) throws Exception {
        for (int round = 0; round < Rounds.of(100); round++) {
            try (Pair pair = Pair.open(kind, directory)) {
                Background<Void> sender = Background.start(() -> {
                    while (true) {
                        pair.client().send(ByteBuffer.allocate(100_000));
                    }
                });
                sender.awaitSelecting();
                pair.client().close();
                assertThat(sender.failure()).isInstanceOf(IOException.class).hasMessageContaining("closed here");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void afterCloseEverythingFails(Kind kind) throws Exception {
        try (Pair pair = Pair.open(kind, directory)) {
            pair.client().close();
            pair.client().close();
            assertThatThrownBy(() -> sendAndFlush(pair.client(), ByteBuffer.allocate(1)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("closed here");
            assertThatThrownBy(() -> pair.client().poll((frame, owned) -> {}))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("closed here");
        }
    }

    @ParameterizedTest
    @EnumSource
    void theInterruptFlagHarmsNothing(Kind kind) throws Exception {
        try (Pair pair = Pair.open(kind, directory)) {
            Background<Void> sender = Background.start(() -> {
                for (int i = 0; i < 60; i++) {
                    Thread.currentThread().interrupt();
                    pair.client().send(pattern(50_000 + i, i % 2 == 0));
                    pair.client().flush();
                    assertThat(Thread.currentThread().isInterrupted()).isTrue();
                }
                return null;
            });
            sender.awaitSelecting();
            Thread.currentThread().interrupt();
            assertThat(pair.client().receive((frame, owned) -> {}, Pair.LONG))
                    .isZero(); // at once, and nothing is there
            for (int i = 0; i < 60; ) {
                int expected = i;
                int[] count = {0};
                i += pair.server()
                        .receive(
                                (frame, owned) -> {
                                    int size = 50_000 + expected + count[0]++;
                                    assertThat(frame.mismatch(pattern(size, false)))
                                            .isEqualTo(-1);
                                },
                                Pair.LONG);
            }
            assertThat(Thread.interrupted()).isTrue();
            sender.result();
            sendAndFlush(pair.server(), ByteBuffer.allocate(9));
            assertThat(receiveOne(pair.client())).hasSize(9);
        }
    }

    @ParameterizedTest
    @EnumSource
    void interruptsThatComeDuringWaitsTearNothing(Kind kind) throws Exception {
        Random random = Rounds.random("interruptsThatComeDuringWaitsTearNothing");
        int frames = Rounds.of(2_000);
        int[] sizes = random.ints(frames, 0, 150_000).toArray();
        try (Pair pair = Pair.open(kind, directory)) {
            Background<Void> sender = Background.start(() -> {
                for (int size : sizes) {
                    pair.client().send(pattern(size, false));
                }
                pair.client().flush();
                return null;
            });
            Background<Void> receiver = Background.start(() -> {
                int[] next = {0};
                while (next[0] < frames) {
                    pair.server()
                            .receive(
                                    (frame, owned) -> assertThat(frame.mismatch(pattern(sizes[next[0]++], false)))
                                            .isEqualTo(-1),
                                    Pair.LONG);
                    Thread.interrupted();
                }
                return null;
            });
            while (!receiver.isDone()) {
                interruptOnce(sender.thread());
                interruptOnce(receiver.thread());
            }
            receiver.result();
            sender.result();
        }
    }

    /** Not again before it was seen: the selector of jnr blocks who interrupts, after 65,536 times without a wait. */
    private static void interruptOnce(Thread thread) {
        if (!thread.isInterrupted()) {
            thread.interrupt();
        }
    }

    @ParameterizedTest
    @EnumSource
    void bothDirectionsUnderLoadNeverDeadlock(Kind kind) throws Exception {
        Random random = Rounds.random("bothDirectionsUnderLoadNeverDeadlock");
        int frames = Rounds.of(20_000);
        try (Pair pair = Pair.open(kind, directory)) {
            long seed = random.nextLong();
            Background<Void> one = Background.start(() -> exchange(pair.client(), frames, seed, seed + 1));
            Background<Void> other = Background.start(() -> exchange(pair.server(), frames, seed + 1, seed));
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
            assertThat(frame.mismatch(pattern(size(expected), false))).isEqualTo(-1);
            got[0]++;
        };
        ByteBuffer frame = pattern(size(sizes), false);
        int left = frames;
        boolean flushed = false;
        while (left > 0 || !flushed || got[0] < frames) {
            while (left > 0 && connection.offer(frame)) {
                left--;
                frame = pattern(size(sizes), left % 3 == 0);
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

    /** Many zeros that need no memory. */
    private ByteBuffer sparse(int size) throws IOException {
        Path file = Files.createTempFile(directory, "sparse", null);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1), size - 1L);
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, size);
        }
    }

    static void sendAndFlush(ChannelConnection connection, ByteBuffer frame) throws IOException {
        connection.send(frame);
        connection.flush();
    }

    /** The bytes of the next frame; those that come along with it are kept for the next question. */
    static byte[] receiveOne(ChannelConnection connection) throws IOException {
        List<byte[]> waiting = Inbox.of(connection);
        while (waiting.isEmpty()) {
            connection.receive(
                    (frame, owned) -> {
                        byte[] bytes = new byte[frame.remaining()];
                        frame.get(bytes);
                        waiting.add(bytes);
                    },
                    Pair.LONG);
        }
        return waiting.remove(0);
    }

    /** A buffer whose bytes depend on their place and on its size. */
    static ByteBuffer pattern(int size, boolean direct) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (i * 31 + size + (i >> 8));
        }
        return direct ? ByteBuffer.allocateDirect(size).put(bytes).flip() : ByteBuffer.wrap(bytes);
    }
}
