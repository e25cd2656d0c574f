// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.engine.testing.Rounds;
import org.processional.spi.FrameHandler;
import org.processional.spi.PollableConnection;
import org.processional.tck.memory.Weather;

@Timeout(60)
class CombiningWriterTest {
    @Test
    void aFrameThatIsTakenAtOnceLeavesItsBufferFree() throws IOException {
        try (MemoryPair pair = MemoryPair.open(Weather.CALM)) {
            CombiningWriter writer = new CombiningWriter(pair.client());
            byte[] bytes = {1, 2, 3};
            assertThat(writer.send(ByteBuffer.wrap(bytes), false)).isTrue();
            Arrays.fill(bytes, (byte) 9);
            assertThat(MemoryPair.receive(pair.server(), 1)).containsExactly(new byte[] {1, 2, 3});
            assertThat(writer.isStalled()).isFalse();
            assertThat(writer.backlogBytes()).isZero();
        }
    }

    @Test
    void whatIsHeldGoesOutWithTheNextOrByAFlush() throws IOException {
        try (MemoryPair pair = MemoryPair.open(Weather.CALM)) {
            AtomicInteger flushes = new AtomicInteger();
            Forwarding counting = new Forwarding(pair.client()) {
                @Override
                public boolean flushNow() throws IOException {
                    flushes.incrementAndGet();
                    return super.flushNow();
                }
            };
            CombiningWriter writer = new CombiningWriter(counting, frame -> {}, Long.MAX_VALUE); // nothing gets old
            writer.send(ByteBuffer.wrap(new byte[] {1}), true);
            writer.send(ByteBuffer.wrap(new byte[] {2}), true);
            assertThat(writer.isHolding()).isTrue();
            assertThat(flushes).hasValue(0);
            writer.send(ByteBuffer.wrap(new byte[] {3}), false);
            assertThat(writer.isHolding()).isFalse();
            assertThat(flushes).hasValue(1);
            writer.send(ByteBuffer.wrap(new byte[] {4}), true);
            writer.flush();
            assertThat(writer.isHolding()).isFalse();
            assertThat(flushes).hasValue(2);
            writer.flush();
            assertThat(flushes).hasValue(2);
            assertThat(MemoryPair.receive(pair.server(), 4))
                    .containsExactly(new byte[] {1}, new byte[] {2}, new byte[] {3}, new byte[] {4});
        }
    }

    @Test
    void itIsNotEmptyBeforeAllIsHandedOver() throws Exception {
        try (MemoryPair pair = MemoryPair.open(Weather.CALM)) {
            CountDownLatch flushing = new CountDownLatch(1);
            CountDownLatch goOn = new CountDownLatch(1);
            CombiningWriter writer = new CombiningWriter(new Forwarding(pair.client()) {
                @Override
                public boolean flushNow() throws IOException {
                    flushing.countDown();
                    try {
                        goOn.await();
                    } catch (InterruptedException e) {
                        throw new InterruptedIOException();
                    }
                    return super.flushNow();
                }
            });
            assertThat(writer.isEmpty()).isTrue();
            writer.send(ByteBuffer.wrap(new byte[] {1}), true);
            assertThat(writer.isEmpty()).isFalse(); // it is held
            Thread other = new Thread(() -> sendQuietly(writer));
            other.start();
            flushing.await();
            assertThat(writer.backlogBytes()).isZero();
            assertThat(writer.isEmpty()).isFalse();
            goOn.countDown();
            other.join();
            assertThat(writer.isEmpty()).isTrue();
            assertThat(MemoryPair.receive(pair.server(), 2)).hasSize(2);
        }
    }

    private static void sendQuietly(CombiningWriter writer) {
        try {
            writer.send(ByteBuffer.wrap(new byte[] {2}), false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void manyHeldBytesGoOutAtOnce() throws IOException {
        try (MemoryPair pair = MemoryPair.open(Weather.CALM)) {
            CombiningWriter writer = new CombiningWriter(pair.client(), frame -> {}, Long.MAX_VALUE);
            writer.send(ByteBuffer.allocate(20_000), true);
            assertThat(writer.isHolding()).isFalse();
            assertThat(MemoryPair.receive(pair.server(), 1)).hasSize(1);
        }
    }

    @Test
    void whatIsHeldGoesOutWhenItIsOld() throws IOException {
        try (MemoryPair pair = MemoryPair.open(Weather.CALM)) {
            CombiningWriter writer = new CombiningWriter(pair.client());
            writer.send(ByteBuffer.wrap(new byte[] {1}), true);
            assertThat(writer.isHolding()).isTrue();
            while (writer.isHolding()) {
                writer.flushOld(); // ends by itself
            }
            assertThat(MemoryPair.receive(pair.server(), 1)).containsExactly(new byte[] {1});
        }
    }

    @Test
    void whatThereIsNoRoomForStaysInOrderUntilItIsResumed() throws IOException {
        try (MemoryPair pair = MemoryPair.open(Weather.CALM)) {
            CombiningWriter writer = new CombiningWriter(pair.client());
            int size = 50_000;
            for (int i = 0; i < 10; i++) {
                byte[] frame = new byte[size];
                Arrays.fill(frame, (byte) i);
                writer.send(ByteBuffer.wrap(frame), false);
            }
            assertThat(writer.isStalled()).isTrue();
            assertThat(writer.resume()).isFalse();
            assertThat(writer.backlogBytes()).isBetween(7L * size, 10L * size);
            List<byte[]> frames = new ArrayList<>();
            while (frames.size() < 10) {
                pair.server().poll((frame, owned) -> {
                    byte[] copy = new byte[frame.remaining()];
                    frame.get(copy);
                    frames.add(copy);
                });
                writer.resume();
            }
            for (int i = 0; i < 10; i++) {
                assertThat(frames.get(i)).hasSize(size).containsOnly(i);
            }
            assertThat(writer.resume()).isTrue();
            assertThat(writer.backlogBytes()).isZero();
        }
    }

    /** Takes one byte of the first offer, while another frame is sent. */
    private static final class Stingy extends Forwarding {
        Runnable meanwhile = () -> {};
        private boolean stingy = true;

        Stingy(PollableConnection to) {
            super(to);
        }

        @Override
        public boolean offer(ByteBuffer frame) throws IOException {
            Runnable once = meanwhile;
            meanwhile = () -> {};
            once.run();
            if (!stingy) {
                return super.offer(frame);
            }
            stingy = false;
            frame.position(frame.position() + 1);
            return false;
        }
    }

    /** Does what another one does. */
    private static class Forwarding implements PollableConnection {
        private final PollableConnection to;

        Forwarding(PollableConnection to) {
            this.to = to;
        }

        @Override
        public boolean offer(ByteBuffer frame) throws IOException {
            return to.offer(frame);
        }

        @Override
        public boolean flushNow() throws IOException {
            return to.flushNow();
        }

        @Override
        public int poll(FrameHandler handler) throws IOException {
            return to.poll(handler);
        }

        @Override
        public int receive(FrameHandler handler, Duration wait) throws IOException {
            return to.receive(handler, wait);
        }

        @Override
        public void send(ByteBuffer frame) throws IOException {
            to.send(frame);
        }

        @Override
        public void flush() throws IOException {
            to.flush();
        }

        @Override
        public int maxFrameBytes() {
            return to.maxFrameBytes();
        }

        @Override
        public String peer() {
            return to.peer();
        }

        @Override
        public void close() {
            to.close();
        }
    }

    @Test
    void aFrameThatWasBegunGoesOnBeforeOneThatWasQueuedMeanwhile() throws IOException {
        try (MemoryPair pair = MemoryPair.open(Weather.CALM)) {
            Stingy stingy = new Stingy(pair.client());
            CombiningWriter writer = new CombiningWriter(stingy);
            stingy.meanwhile = () -> {
                try {
                    writer.send(ByteBuffer.wrap(new byte[] {7}), false);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            };
            assertThat(writer.send(ByteBuffer.wrap(new byte[] {1, 2, 3}), false))
                    .isFalse();
            assertThat(writer.isStalled()).isTrue();
            assertThat(writer.resume()).isTrue();
            assertThat(MemoryPair.receive(pair.server(), 2)).containsExactly(new byte[] {2, 3}, new byte[] {7});
        }
    }

    @Test
    void aBrokenConnectionIsTold() throws IOException {
        try (MemoryPair pair = MemoryPair.open(Weather.CALM)) {
            CombiningWriter writer = new CombiningWriter(pair.client());
            pair.server().close();
            assertThatThrownBy(() -> writer.send(ByteBuffer.allocate(1), false)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void framesOfManyThreadsArriveWholeAndInTheOrderOfEach() throws Exception {
        int threads = 4;
        int frames = Rounds.of(20_000);
        long seed = Rounds.SEED;
        System.out.println("seed " + seed);
        for (Weather weather : List.of(Weather.CALM, Weather.storm(seed), Weather.storm(seed + 1))) {
            ExecutorService pool = Executors.newFixedThreadPool(threads + 1);
            try (MemoryPair pair = MemoryPair.open(weather)) {
                CombiningWriter writer = new CombiningWriter(pair.client());
                List<Future<?>> all = new ArrayList<>();
                for (int i = 0; i < threads; i++) {
                    int number = i;
                    all.add(pool.submit(() -> {
                        for (int k = 0; k < frames; k++) {
                            ByteBuffer frame = ByteBuffer.allocate(8 + k % 700);
                            frame.putInt(number).putInt(k).rewind();
                            writer.send(frame, (k + number) % 3 > 0);
                            if (k % 50 == number) {
                                writer.flush();
                            }
                            while (writer.backlogBytes() > 1 << 20) {
                                writer.resume();
                            }
                        }
                        writer.flush();
                        return null;
                    }));
                }
                int[] next = new int[threads];
                int[] received = new int[1];
                while (received[0] < threads * frames) {
                    pair.server().poll((frame, owned) -> {
                        int length = frame.remaining();
                        int number = frame.getInt();
                        int k = frame.getInt();
                        assertThat(k).isEqualTo(next[number]++);
                        assertThat(length).isEqualTo(8 + k % 700);
                        received[0]++;
                    });
                    writer.resume();
                }
                for (Future<?> one : all) {
                    one.get(30, TimeUnit.SECONDS);
                }
                assertThat(writer.backlogBytes()).isZero();
            } finally {
                pool.shutdownNow();
            }
        }
    }
}
