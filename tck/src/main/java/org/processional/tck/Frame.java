// SPDX-License-Identifier: Apache-2.0
package org.processional.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.processional.spi.Connection;
import org.processional.spi.FrameHandler;

/**
 * Frames whose bytes tell which one they are, so that a torn, lost, repeated or misplaced one is seen.
 *
 * <p><b>Threads:</b> stateless; an inbox belongs to who receives.
 */
final class Frame {
    private Frame() {}

    /** Frame of a number, with a length of its own. */
    static ByteBuffer of(int number, int bytes) {
        ByteBuffer frame = ByteBuffer.allocate(bytes);
        for (int i = 0; i < bytes; i++) {
            frame.put(i, at(number, i));
        }
        return frame;
    }

    private static byte at(int number, int index) {
        return (byte) ((index * 0x9E3779B1 ^ number * 0x85EBCA6B) >>> 24); // all bits count: no two places look alike
    }

    /** Fails unless the frame is that of a number, whole. */
    static void check(ByteBuffer frame, int number, int bytes) {
        assertThat(frame.remaining()).as("length of frame %d", number).isEqualTo(bytes);
        for (int i = 0; i < bytes; i++) {
            byte found = frame.get(frame.position() + i);
            if (found != at(number, i)) { // no assertion for each byte: there are many
                assertThat(found)
                        .as("byte %d of frame %d, of %d bytes", i, number, bytes)
                        .isEqualTo(at(number, i));
            }
        }
    }

    /** Sends a frame, and sees to it that it is on its way. */
    static void send(Connection connection, ByteBuffer frame) throws IOException {
        connection.send(frame);
        connection.flush();
    }

    /** Receives frames of numbers that count up from 0, with the lengths given. */
    static void receive(Connection connection, int... lengths) throws IOException {
        Inbox inbox = new Inbox(lengths);
        long deadline = System.nanoTime() + Eventually.limit().toNanos();
        while (inbox.size() < lengths.length) {
            connection.receive(inbox, Eventually.limit());
            assertThat(System.nanoTime() - deadline)
                    .as("%d of %d frames came in time", inbox.size(), lengths.length)
                    .isNegative();
        }
        inbox.check();
    }

    /**
     * What was received: each frame is looked at as it comes, and again in the end where it was given away.
     *
     * <p><b>Threads:</b> one thread.
     */
    static final class Inbox implements FrameHandler {
        private static final int KEPT_BYTES = 64 << 10; // longer ones are not kept: the JVM need not bear all of them

        private final int[] lengths;
        private final Map<Integer, ByteBuffer> owned = new LinkedHashMap<>();
        private @Nullable AssertionError wrong; // the first; thrown in the end, whatever becomes of what handlers throw
        private int frames;

        /** For frames of numbers that count up from 0. */
        Inbox(int... lengths) {
            this.lengths = lengths;
        }

        @Override
        public void frame(ByteBuffer frame, boolean isOwned) {
            int number = frames++;
            if (number >= lengths.length || wrong != null) {
                return;
            }
            try {
                assertThat(frame.order()).as("order of frame %d", number).isEqualTo(ByteOrder.BIG_ENDIAN);
                Frame.check(frame, number, lengths[number]);
            } catch (AssertionError e) {
                wrong = e;
            }
            if (isOwned && frame.remaining() <= KEPT_BYTES) {
                owned.put(number, frame);
            }
        }

        /** How many came. */
        int size() {
            return frames;
        }

        /** Fails unless all came, as they were sent. */
        void check() {
            checkThoseThatCame();
            assertThat(frames).as("number of frames").isEqualTo(lengths.length);
        }

        /** Fails unless those that came are as they were sent, and those that were given away still are. */
        void checkThoseThatCame() {
            if (wrong != null) {
                throw wrong;
            }
            assertThat(frames).as("number of frames").isLessThanOrEqualTo(lengths.length);
            owned.forEach((number, frame) -> Frame.check(frame, number, lengths[number]));
        }
    }
}
