// SPDX-License-Identifier: Apache-2.0
package org.processional.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
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
        return (byte) (number * 31 + index * 7 + (index >>> 8));
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
        Inbox inbox = new Inbox();
        long deadline = System.nanoTime() + Eventually.limit().toNanos();
        while (inbox.size() < lengths.length) {
            connection.receive(inbox, Eventually.limit());
            assertThat(System.nanoTime() - deadline)
                    .as("%d of %d frames came in time", inbox.size(), lengths.length)
                    .isNegative();
        }
        inbox.check(lengths);
    }

    /**
     * What was received.
     *
     * <p><b>Threads:</b> one thread.
     */
    static final class Inbox implements FrameHandler {
        private final List<ByteBuffer> frames = new ArrayList<>();

        @Override
        public void frame(ByteBuffer frame, boolean owned) {
            frames.add(
                    owned
                            ? frame
                            : ByteBuffer.allocate(frame.remaining()).put(frame).flip());
        }

        int size() {
            return frames.size();
        }

        void check(int... lengths) {
            assertThat(frames).as("number of frames").hasSize(lengths.length);
            for (int i = 0; i < lengths.length; i++) {
                Frame.check(frames.get(i), i, lengths[i]);
            }
        }
    }
}
