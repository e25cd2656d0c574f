// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.spi.Connection;
import org.processional.spi.FrameHandler;

@Timeout(60)
class BlockingWriterTest {
    /** Gathers what is sent, and takes its time to flush. */
    private static final class Gathering implements Connection {
        private final CountDownLatch flushing = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);

        @Override
        public void send(ByteBuffer frame) {
            frame.position(frame.limit());
        }

        @Override
        public void flush() {
            flushing.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public int receive(FrameHandler handler, Duration wait) {
            return 0;
        }

        @Override
        public int maxFrameBytes() {
            return 1 << 20;
        }

        @Override
        public String peer() {
            return "gathering";
        }

        @Override
        public void close() {}
    }

    @Test
    void whoWritesItselfTellsOfTheRoomThatItHasMade() throws Exception {
        Gathering connection = new Gathering();
        connection.goOn.countDown();
        AtomicInteger told = new AtomicInteger();
        BlockingWriter writer = new BlockingWriter(connection, new FrameCounter(), told::incrementAndGet, why -> {});
        writer.send(ByteBuffer.allocate(Frames.HEADER_BYTES));
        assertThat(writer.backlogBytes()).isZero();
        assertThat(told).hasValue(1); // else the main thread would park over what waits for room, for ever
    }

    @Test
    void itIsNotEmptyBeforeTheConnectionHasFlushed() throws InterruptedException {
        Gathering connection = new Gathering();
        BlockingWriter writer = new BlockingWriter(connection, new FrameCounter(), () -> {}, why -> {});
        assertThat(writer.isEmpty()).isTrue();
        writer.leave(ByteBuffer.allocate(Frames.HEADER_BYTES));
        connection.flushing.await();
        assertThat(writer.backlogBytes()).isZero(); // there is room again
        assertThat(writer.isEmpty()).isFalse(); // but a close would lose it
        connection.goOn.countDown();
        await().until(writer::isEmpty);
        writer.close();
    }
}
