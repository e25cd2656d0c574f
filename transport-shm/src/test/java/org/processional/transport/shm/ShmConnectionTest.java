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
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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

    @TempDir
    Path directory;

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
    void whoOnlyPollsSeesTheEndSoon() throws Exception {
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
            assertThat(System.nanoTime() - start).isLessThan(10_000_000_000L);
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
            assertThat(pair.client().claim(ShmAddress.DEFAULT_RING_BYTES / 4 + 1))
                    .isNull();
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

    /** In one record and in parts: of what is too long nothing is gathered. */
    @Test
    void whatIsTooLongForAStrangerIsRefused() throws Exception {
        for (int tooLong : new int[] {101, QUARTER, 4 * SMALL_RING}) {
            try (Pair pair = Pair.open(directory, SMALL_RING)) {
                pair.server().limitIncoming(100);
                sendAndFlush(pair.client(), pattern(100, false));
                assertThat(receiveOne(pair.server())).hasSize(100);
                pair.client().offer(pattern(tooLong, false));
                assertThatThrownBy(() -> pair.server().poll((frame, owned) -> {}))
                        .isInstanceOf(DamagedRingException.class)
                        .hasMessageContaining("a frame of " + tooLong + " bytes, and 100 is the most");
                assertThat(pair.server().isClosed()).isTrue();
            }
        }
    }

    @Test
    void aLimitEndsWithTheGreeting() throws Exception {
        try (Pair pair = Pair.open(directory, SMALL_RING)) {
            pair.server().limitIncoming(100);
            pair.server().limitIncoming(pair.server().maxFrameBytes());
            Background<Void> sender = Background.start(() -> {
                sendAndFlush(pair.client(), pattern(QUARTER - 8, false));
                sendAndFlush(pair.client(), pattern(4 * SMALL_RING, false));
                return null;
            });
            assertThat(receiveOne(pair.server())).hasSize(QUARTER - 8);
            assertThat(receiveOne(pair.server())).hasSize(4 * SMALL_RING);
            sender.result();
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
