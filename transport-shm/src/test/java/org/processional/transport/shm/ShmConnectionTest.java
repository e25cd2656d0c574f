// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.shm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.processional.transport.shm.Pair.pattern;
import static org.processional.transport.shm.Pair.receiveOne;
import static org.processional.transport.shm.Pair.sendAndFlush;

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
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.processional.spi.FrameHandler;
import org.processional.spi.Listener;

@Timeout(120)
final class ShmConnectionTest {
    private static final int SMALL_RING = 64 << 10;
    private static final int QUARTER = SMALL_RING / 4;
    private static final int[] SIZES = {
        0, 1, 7, 8, 9, 64, QUARTER - 9, QUARTER - 8, QUARTER - 7, QUARTER, 65_535, 65_536, 65_537, 1 << 20, 5_000_001
    };

    @TempDir
    Path directory;

    @Test
    void framesOfAllSizesArriveWholeAndInOrder() throws Exception {
        try (Pair pair = Pair.open(directory, SMALL_RING)) {
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

    @Test
    void aLongFrameIsOwnedByTheHandlerAndAShortOneIsNot() throws Exception {
        int size = 100 << 20;
        try (Pair pair = Pair.open(directory)) {
            Background<Void> sender = Background.start(() -> {
                sendAndFlush(pair.client(), pattern(size, false));
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
            sendAndFlush(pair.client(), pattern(9, true));
            assertThat(pair.server()
                            .receive(
                                    (frame, owned) -> {
                                        assertThat(owned).isFalse();
                                        assertThat(frame.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
                                    },
                                    Pair.LONG))
                    .isEqualTo(1);
        }
    }

    @Test
    void aFrameAboveTheLimitIsRefusedAndTheConnectionLives() throws Exception {
        try (Pair pair = Pair.open(directory)) {
            ByteBuffer huge = sparse(ShmConnection.MAX_FRAME_BYTES + 1);
            assertThatThrownBy(() -> pair.client().send(huge))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(Integer.toString(ShmConnection.MAX_FRAME_BYTES));
            assertThat(huge.position()).isZero();
            sendAndFlush(pair.client(), ByteBuffer.allocate(3));
            assertThat(receiveOne(pair.server())).hasSize(3);
            assertThat(pair.client().maxFrameBytes()).isEqualTo(ShmConnection.MAX_FRAME_BYTES);
        }
    }

    /** Many zeros that need no memory. */
    private ByteBuffer sparse(int size) throws IOException {
        Path file = Files.createTempFile(directory, "sparse", null);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1), size - 1L);
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, size);
        }
    }

    @Test
    void theBufferMayBeUsedAgainAfterSend() throws Exception {
        try (Pair pair = Pair.open(directory)) {
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

    @Test
    void aHandlerMayChangeTheBufferAndFail() throws Exception {
        try (Pair pair = Pair.open(directory)) {
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

    @Test
    void anEndedConnectionDeliversWhatWasSent() throws Exception {
        for (int round = 0; round < Rounds.of(200); round++) {
            try (Pair pair = Pair.open(directory)) {
                sendAndFlush(pair.server(), ByteBuffer.allocate(5)); // unread by the client
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
                assertThatThrownBy(() -> sendAndFlush(pair.server(), ByteBuffer.allocate(100)))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining(pair.server().peer());
            }
        }
    }

    @Test
    void whatWasSentBeforeTheAcceptArrivesAlsoFromOneThatHasLeft() throws Exception {
        ShmTransport transport = new ShmTransport();
        try (Listener listener = transport.listen(Pair.address(directory, SMALL_RING))) {
            ShmConnection client = (ShmConnection) transport.connect(listener.address(), Duration.ZERO);
            sendAndFlush(client, pattern(33, false));
            client.close();
            try (ShmConnection server = (ShmConnection) listener.accept(Pair.LONG)) {
                assertThat(receiveOne(server)).isEqualTo(pattern(33, false).array());
                assertThatThrownBy(() -> receiveOne(server)).isInstanceOf(EOFException.class);
            }
        }
    }

    @Test
    void whoOnlyPollsSeesTheEndWithinASecond() throws Exception {
        try (Pair pair = Pair.open(directory)) {
            pair.server().poll((frame, owned) -> {});
            pair.client().close();
            long start = System.nanoTime();
            assertThatThrownBy(() -> {
                        while (true) {
                            pair.server().poll((frame, owned) -> {});
                        }
                    })
                    .isInstanceOf(EOFException.class);
            assertThat(System.nanoTime() - start).isLessThan(1_000_000_000);
        }
    }

    @Test
    void whoOnlyOffersToAFullRingSeesTheEnd() throws Exception {
        try (Pair pair = Pair.open(directory)) {
            pair.client().close();
            assertThatThrownBy(() -> {
                        ByteBuffer frame = ByteBuffer.allocate(1000);
                        while (true) {
                            pair.server().offer(frame);
                            frame.clear();
                        }
                    })
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("has closed the connection");
        }
    }

    @Test
    void closeWakesABlockedReceive() throws Exception {
        for (int round = 0; round < Rounds.of(200); round++) {
            try (Pair pair = Pair.open(directory)) {
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

    @Test
    void closeWakesABlockedSend() throws Exception {
        for (int round = 0; round < Rounds.of(100); round++) {
            try (Pair pair = Pair.open(directory)) {
                Background<Void> sender = Background.start(() -> {
                    while (true) {
                        pair.client().send(ByteBuffer.allocate(100_000));
                    }
                });
                sender.awaitSelecting();
                ShmConnection closing = round % 2 == 0 ? pair.client() : pair.server();
                closing.close();
                assertThat(sender.failure()).isInstanceOf(IOException.class).hasMessageContaining("closed");
            }
        }
    }

    @Test
    void afterCloseEverythingFails() throws Exception {
        try (Pair pair = Pair.open(directory)) {
            ByteBuffer claimed = pair.client().claim(8);
            pair.client().close();
            pair.client().close();
            assertThatThrownBy(() -> sendAndFlush(pair.client(), ByteBuffer.allocate(1)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("closed here");
            assertThatThrownBy(() -> pair.client().poll((frame, owned) -> {}))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("closed here");
            assertThatThrownBy(() -> pair.client().claim(1)).hasMessageContaining("closed here");
            pair.client().commit(claimed.putLong(1)); // too late, and harmless
            assertThatThrownBy(() -> receiveOne(pair.server())).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void theInterruptFlagHarmsNothing() throws Exception {
        try (Pair pair = Pair.open(directory)) {
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
            assertThat(pair.client().receive((frame, owned) -> {}, Pair.LONG)).isZero();
            int[] count = {0};
            while (count[0] < 60) {
                pair.server()
                        .receive(
                                (frame, owned) -> assertThat(frame.mismatch(pattern(50_000 + count[0]++, false)))
                                        .isEqualTo(-1),
                                Pair.LONG);
            }
            try (Pair other = Pair.open(directory)) { // files and sockets are opened with the flag set, too
                assertThat(other.client().peer()).startsWith("shm:");
            }
            assertThat(Thread.interrupted()).isTrue();
            sender.result();
            sendAndFlush(pair.server(), ByteBuffer.allocate(9));
            assertThat(receiveOne(pair.client())).hasSize(9);
        }
    }

    @Test
    void interruptsThatComeDuringWaitsTearNothing() throws Exception {
        Random random = Rounds.random("interruptsThatComeDuringWaitsTearNothing");
        int frames = Rounds.of(5_000);
        int[] sizes = random.ints(frames, 0, 300_000).toArray();
        try (Pair pair = Pair.open(directory)) {
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
                sender.thread().interrupt();
                receiver.thread().interrupt();
            }
            receiver.result();
            sender.result();
        }
    }

    @Test
    void bothDirectionsUnderLoadNeverDeadlock() throws Exception {
        Random random = Rounds.random("bothDirectionsUnderLoadNeverDeadlock");
        int frames = Rounds.of(200_000);
        try (Pair pair = Pair.open(directory, SMALL_RING)) {
            long seed = random.nextLong();
            Background<Void> one = Background.start(() -> exchange(pair.client(), frames, seed, seed + 1));
            Background<Void> other = Background.start(() -> exchange(pair.server(), frames, seed + 1, seed));
            one.result();
            other.result();
        }
    }

    /** One thread that offers all it has and polls in between: neither side may wait for the other to read first. */
    private static Void exchange(ShmConnection connection, int frames, long sent, long received) throws IOException {
        Random sizes = new Random(sent);
        Random expected = new Random(received);
        int[] got = {0};
        FrameHandler check = (frame, owned) -> {
            assertThat(frame.mismatch(pattern(size(expected), false))).isEqualTo(-1);
            got[0]++;
        };
        ByteBuffer frame = pattern(size(sizes), false);
        int left = frames;
        while (left > 0 || got[0] < frames) {
            while (left > 0 && connection.offer(frame)) {
                left--;
                frame = pattern(size(sizes), left % 3 == 0);
            }
            connection.flushNow();
            if (got[0] < frames) {
                connection.poll(check);
            }
        }
        return null;
    }

    private static int size(Random random) {
        return random.nextInt(20) == 0 ? random.nextInt(300_000) : random.nextInt(200);
    }

    @Test
    void claimsOfManyThreadsArriveInTheOrderOfEach() throws Exception {
        int threads = 4;
        int each = Rounds.of(1_000_000);
        try (Pair pair = Pair.open(directory, SMALL_RING)) {
            List<Background<Void>> writers = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                int id = t;
                writers.add(Background.start(() -> claim(pair.client(), id, each)));
            }
            Background<Void> large = Background.start(
                    () -> { // beside the claims, in parts
                        for (int i = 0; i < each / 2_000; i++) {
                            sendAndFlush(pair.client(), pattern(SMALL_RING + i, false));
                        }
                        return null;
                    });
            int[] next = new int[threads];
            int[] larges = {0};
            AtomicInteger left = new AtomicInteger(threads * each + each / 2_000);
            FrameHandler check = (frame, owned) -> {
                if (frame.remaining() >= SMALL_RING) {
                    assertThat(frame.mismatch(pattern(SMALL_RING + larges[0]++, false)))
                            .isEqualTo(-1);
                } else {
                    int id = frame.getInt();
                    int number = frame.getInt();
                    assertThat(number).isEqualTo(next[id]);
                    next[id]++;
                    while (frame.hasRemaining()) {
                        assertThat(frame.get()).isEqualTo((byte) number);
                    }
                }
                left.decrementAndGet();
            };
            while (left.get() > 0) {
                pair.server().receive(check, Pair.LONG);
            }
            for (Background<Void> writer : writers) {
                writer.result();
            }
            large.result();
        }
    }

    private static Void claim(ShmConnection connection, int id, int frames) throws IOException {
        for (int i = 0; i < frames; ) {
            int bytes = 8 + i % 50;
            ByteBuffer claimed = connection.claim(bytes);
            if (claimed == null) {
                Thread.onSpinWait();
            } else if ((i + id) % 7 == 0 && claimed.get(0) == 0) { // the memory is zero before
                connection.abort(claimed.put((byte) 1));
                claimed = null;
                while (claimed == null) {
                    claimed = connection.claim(bytes);
                }
                fill(claimed, id, i++);
                connection.commit(claimed);
            } else {
                fill(claimed, id, i++);
                connection.commit(claimed);
            }
        }
        return null;
    }

    private static void fill(ByteBuffer claimed, int id, int number) {
        claimed.putInt(id).putInt(number);
        while (claimed.hasRemaining()) {
            claimed.put((byte) number);
        }
    }

    @Test
    void aClaimIsExactlyAsLongAsAskedForAndHoldsUpWhatFollows() throws Exception {
        try (Pair pair = Pair.open(directory)) {
            ByteBuffer first = pair.client().claim(5);
            ByteBuffer second = pair.client().claim(0);
            assertThat(first.remaining()).isEqualTo(5);
            assertThat(first.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
            pair.client().commit(second);
            sendAndFlush(pair.client(), pattern(70_000, false));
            assertThat(pair.server().poll((frame, owned) -> {})).isZero();
            pair.client().abort(first);
            assertThat(receiveOne(pair.server())).isEmpty();
            assertThat(receiveOne(pair.server())).hasSize(70_000);
            assertThat(pair.client().claim(ShmAddress.DEFAULT_RING_BYTES / 4)).isNull();
            assertThatThrownBy(() -> pair.client().claim(-1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> pair.client().commit(ByteBuffer.allocate(8)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aBegunFrameMustBeFinishedFirst() throws Exception {
        try (Pair pair = Pair.open(directory, SMALL_RING)) {
            ByteBuffer large = pattern(4 * SMALL_RING, true);
            assertThat(pair.client().offer(large)).isFalse();
            assertThat(large.position()).isPositive();
            assertThatThrownBy(() -> pair.client().offer(ByteBuffer.allocate(3)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(large.remaining() + " bytes of it are to follow");
        }
    }

    @Test
    void bytesOfAllKindsKeepTheirSumWithASlowReader() throws Exception {
        Random random = Rounds.random("bytesOfAllKindsKeepTheirSumWithASlowReader");
        int frames = Rounds.of(10_000_000);
        long seed = random.nextLong();
        try (Pair pair = Pair.open(directory, SMALL_RING)) {
            Background<Long> sender = Background.start(() -> Traffic.send(pair.client(), seed, frames));
            assertThat(Traffic.receive(pair.server(), seed, frames, true)).isEqualTo(sender.result());
        }
    }
}
