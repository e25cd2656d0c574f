// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.shm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class RingTest {
    private static final int RING = 4096;
    private static final int WORDS = RingFormat.words(0);
    private static final int DATA = RingFormat.data(0, RING);

    @TempDir
    static Path directory;

    private final ByteBuffer memory = ByteBuffer.allocateDirect((int) RingFormat.fileBytes(RING));
    private RingWriter writer;
    private RingReader reader;
    private final List<Integer> got = new ArrayList<>();

    @BeforeEach
    void open() throws IOException {
        memory.order(ByteOrder.nativeOrder());
        Pair pair = Pair.open(directory); // for its socket
        pair.close();
        Bell bell = new Bell(pair.client().socket());
        writer = new RingWriter(memory, 0, RING, "peer", bell);
        reader = new RingReader(memory, 0, RING, "peer", bell);
    }

    private int poll() throws IOException {
        return reader.poll((frame, owned) -> got.add(frame.remaining()));
    }

    @Test
    void theFileIsZeroAgainWhereItWasRead() throws Exception {
        Random random = new Random(1);
        for (int i = 0; i < 1000; i++) {
            int bytes = random.nextInt(RING / 4 + 1);
            ByteBuffer frame = Pair.pattern(bytes, true);
            assertThat(writer.offer(frame)).isTrue();
            assertThat(poll()).isEqualTo(1);
            assertThat(got.remove(0)).isEqualTo(bytes);
        }
        for (int i = DATA; i < DATA + RING; i++) {
            assertThat(memory.get(i)).isZero();
        }
    }

    @Test
    void aFullRingTakesNothingUntilItWasRead() throws Exception {
        int frames = 0;
        while (writer.offer(ByteBuffer.allocate(100))) {
            frames++;
        }
        assertThat(frames).isEqualTo(RING / 112);
        assertThat(writer.claim(200)).isNull();
        assertThat(writer.hasRoom()).isFalse();
        assertThat(poll()).isEqualTo(frames);
        assertThat(poll()).isEqualTo(-1);
        assertThat(writer.hasRoom()).isTrue();
        assertThat(writer.claim(200)).isNotNull();
    }

    @Test
    void aQuarterOfTheRingIsOneRecordWhereverItBegins() throws Exception {
        int frames = 0;
        for (int i = 0; i < 5 * RING / 8; i++) {
            assertThat(writer.offer(ByteBuffer.allocate(i % 40))).isTrue(); // so that it begins everywhere
            assertThat(writer.hasRoom()).isTrue();
            assertThat(writer.offer(ByteBuffer.allocate(RING / 4))).isTrue();
            frames += reader.poll((frame, owned) -> assertThat(owned).isFalse());
        }
        assertThat(frames).isEqualTo(2 * 5 * RING / 8);
    }

    @Test
    void aHoleHidesWhatIsBehindIt() throws Exception {
        writer.offer(ByteBuffer.allocate(1));
        ByteBuffer hole = writer.claim(50);
        writer.offer(ByteBuffer.allocate(2));
        assertThat(poll()).isEqualTo(1);
        assertThat(poll()).isEqualTo(-1);
        assertThat(reader.hasRecord()).isFalse();
        writer.commit(hole);
        assertThat(reader.hasRecord()).isTrue();
        assertThat(poll()).isEqualTo(2);
        assertThat(got).containsExactly(1, 50, 2);
    }

    @Test
    void positionsWrapAroundAt32Bits() throws Exception {
        int frames = 0;
        ByteBuffer frame = ByteBuffer.allocate(RING / 4 - 8); // four records fill the ring
        long bytes = 0;
        while (bytes < (1L << 32) + RING) {
            assertThat(writer.offer(frame.clear())).isTrue();
            bytes += RING / 4;
            frames += reader.poll((f, owned) -> {});
        }
        assertThat(frames).isEqualTo((int) (bytes / (RING / 4)));
    }

    @Test
    void aHeadThatMakesNoSenseIsAnException() {
        for (int head : new int[] {8, -8, 3, -RING - 8, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> {
                        memory.putInt(WORDS + RingFormat.HEAD, head);
                        ByteBuffer frame = ByteBuffer.allocate(200);
                        for (int i = 0; i < 100; i++) {
                            writer.offer(frame.clear());
                            memory.putInt(WORDS + RingFormat.HEAD, head);
                        }
                        throw new IOException("all were taken, or refused");
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void recordsThatMakeNoSenseAreExceptions() {
        int[] headers = {
            RingFormat.header(RingFormat.WHOLE, RING),
            RingFormat.header(RingFormat.WHOLE, RING / 4 + 1),
            RingFormat.header(RingFormat.PADDING, RING),
            RingFormat.header(RingFormat.MIDDLE, 8),
            RingFormat.header(RingFormat.LAST, 8),
            RingFormat.header(RingFormat.FIRST, 8),
            RingFormat.header(6, 8),
            RingFormat.header(7, (1 << 28) - 1),
            1,
            (1 << 28) - 1,
        };
        for (int header : headers) {
            memory.putInt(DATA, header);
            assertThatThrownBy(this::poll)
                    .as("header %x", header)
                    .isInstanceOf(DamagedRingException.class)
                    .hasMessageContaining("the ring from peer is damaged");
            assertThat(got).isEmpty();
            memory.putInt(DATA, 0);
            reader = new RingReader(memory, 0, RING, "peer", new Bell(null));
        }
    }

    @Test
    void aFrameThatIsAnnouncedAboveTheMostIsRefused() {
        for (int whole : new int[] {ShmConnection.MAX_FRAME_BYTES + 1, Integer.MAX_VALUE, -1}) {
            memory.putInt(DATA + RingFormat.WHOLE_BYTES, whole);
            memory.putInt(DATA, RingFormat.header(RingFormat.FIRST, 32));
            assertThatThrownBy(this::poll)
                    .isInstanceOf(DamagedRingException.class)
                    .hasMessageContaining("a frame of " + Integer.toUnsignedString(whole) + " bytes");
            memory.putLong(DATA, 0);
            reader = new RingReader(memory, 0, RING, "peer", new Bell(null));
        }
    }

    @Test
    void partsThatDoNotMakeAFrameAreExceptions() throws Exception {
        int[][] sequences = {
            {RingFormat.FIRST, RingFormat.FIRST},
            {RingFormat.FIRST, RingFormat.LAST}, // too short
            {RingFormat.FIRST, RingFormat.MIDDLE, RingFormat.MIDDLE, RingFormat.MIDDLE}, // too long
        };
        for (int[] sequence : sequences) {
            int at = DATA;
            for (int kind : sequence) {
                memory.putInt(at + RingFormat.WHOLE_BYTES, 100);
                memory.putInt(at, RingFormat.header(kind, 32));
                at += 40;
            }
            assertThatThrownBy(this::poll).isInstanceOf(DamagedRingException.class);
            for (int i = 0; i < RING; i += 8) {
                memory.putLong(DATA + i, 0);
            }
            memory.putInt(WORDS + RingFormat.HEAD, 0);
            reader = new RingReader(memory, 0, RING, "peer", new Bell(null));
        }
    }

    @Test
    void randomDamageIsAnExceptionOrNothingAtAll() throws Exception {
        Random random = Rounds.random("randomDamageIsAnExceptionOrNothingAtAll");
        int damaged = 0;
        for (int round = 0; round < Rounds.of(50_000); round++) {
            for (int i = 0; i < RING; i += 4) {
                int header = random.nextInt(8) << 28 | random.nextInt(random.nextInt(10) == 0 ? 1 << 28 : 64);
                memory.putInt(DATA + i, random.nextInt(4) == 0 ? random.nextInt() : header);
            }
            memory.putInt(WORDS + RingFormat.HEAD, 0);
            reader = new RingReader(memory, 0, RING, "peer", new Bell(null));
            try {
                for (int i = 0; i < 10; i++) {
                    poll();
                }
            } catch (DamagedRingException e) {
                damaged++;
            }
        }
        assertThat(damaged).isPositive();
    }
}
