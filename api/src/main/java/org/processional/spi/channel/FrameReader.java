// SPDX-License-Identifier: Apache-2.0
package org.processional.spi.channel;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import org.processional.spi.FrameHandler;

/**
 * Cuts what a socket delivers into frames.
 *
 * <p>Frames that fit into the read buffer are handed over where they lie. A longer one is collected in a buffer of its
 * own, which grows as the bytes arrive: what the header says is believed only so far. The read buffer itself is small until
 * more comes at once: who connects and says nothing costs little.
 *
 * <p><b>Threads:</b> the reading thread only.
 */
final class FrameReader {
    private static final int FIRST_BUFFER_BYTES = 16 << 10;
    private static final int BUFFER_BYTES = 128 << 10;
    private static final int FIRST_STEP_BYTES = 1 << 20;
    private static final int STEP_FACTOR = 4;

    private final StreamSocket socket;
    private final String peer;
    private ByteBuffer buffer = ByteBuffer.allocateDirect(FIRST_BUFFER_BYTES); // reading thread only, as all below
    private boolean filled; // by the last read
    private int head; // first byte that was not handed over
    private int tail; // behind the last byte that was read
    private long received; // read by any, to whom an old value does no harm
    private int largeBytes; // length of the frame in large
    private int longest = FrameFormat.MAX_FRAME_BYTES;
    private @Nullable ByteBuffer large; // a frame that does not fit into the buffer, as far as it has arrived

    /**
     * Makes a reader.
     *
     * @param peer who sends, for messages
     */
    FrameReader(StreamSocket socket, String peer) {
        this.socket = socket;
        this.peer = peer;
    }

    /** Bytes that came in. */
    long received() {
        return received;
    }

    /** Refuses longer frames from now on. */
    void limit(int bytes) {
        longest = bytes;
    }

    /**
     * Reads once, and what the socket holds besides, and hands over all frames that are complete.
     *
     * @return the number of frames
     * @throws EOFException if nothing more will come
     * @throws MalformedStreamException if what the peer sends are no frames
     */
    int poll(FrameHandler handler) throws IOException {
        int frames = 0;
        do {
            boolean open = fill();
            frames += deliver(handler);
            if (frames == 0 && !open) {
                throw end();
            }
        } while (socket.holdsInput()); // no selector would tell of it
        return frames;
    }

    private boolean fill() throws IOException {
        if (head == tail) {
            head = 0;
            tail = 0;
        } else if (head > 0) {
            buffer.limit(tail).position(head);
            buffer.compact(); // part of a frame: the rest needs the room
            tail -= head;
            head = 0;
        }
        if (filled && longest > FIRST_BUFFER_BYTES) {
            grow();
        }
        buffer.limit(buffer.capacity()).position(tail);
        if (!buffer.hasRemaining()) {
            return true; // whole frames are here still, because a handler failed
        }
        int count = socket.read(buffer);
        filled = !buffer.hasRemaining();
        if (count < 0) {
            return false;
        }
        received += count;
        tail += count;
        return true;
    }

    /** Takes a buffer of full size, if it has none and there is memory for it. */
    private void grow() {
        ByteBuffer larger = DirectBuffers.larger(buffer, BUFFER_BYTES);
        if (larger.capacity() == buffer.capacity()) {
            return;
        }
        larger.put(buffer.limit(tail).position(head));
        buffer = larger;
        tail -= head;
        head = 0;
    }

    private int deliver(FrameHandler handler) throws IOException {
        int frames = 0;
        while (true) {
            if (large != null) {
                ByteBuffer whole = collect(large);
                if (whole == null) {
                    return frames;
                }
                handler.frame(whole, true);
                frames++;
                continue;
            }
            if (tail - head < FrameFormat.HEADER_BYTES) {
                return frames;
            }
            buffer.limit(tail).position(head);
            int length = buffer.order(ByteOrder.BIG_ENDIAN).getInt(); // the last handler may have changed the order
            if (!FrameFormat.isLength(length)) {
                throw new MalformedStreamException(peer + " sent a frame of " + Integer.toUnsignedString(length)
                        + " bytes, and " + FrameFormat.MAX_FRAME_BYTES + " is the most; is it no Processional program,"
                        + " or one with another version?");
            }
            if (length > longest) {
                throw new MalformedStreamException(peer + " sent a frame of " + length + " bytes, and " + longest
                        + " is the most until it has shown who it is; is it no Processional program?");
            }
            if (length > room() && length <= BUFFER_BYTES - FrameFormat.HEADER_BYTES) {
                grow();
            }
            int start = head + FrameFormat.HEADER_BYTES;
            if (length > room()) {
                head = start;
                largeBytes = length;
                large = allocate(Math.min(length, FIRST_STEP_BYTES));
            } else if (tail - start < length) {
                return frames;
            } else {
                head = start + length; // before the call: the frame counts as handed over, even if the handler fails
                buffer.limit(head).position(start);
                handler.frame(buffer, false);
                frames++;
            }
        }
    }

    /** Bytes of the longest frame that fits into the buffer. */
    private int room() {
        return buffer.capacity() - FrameFormat.HEADER_BYTES;
    }

    /** Moves what has been read into a large frame, and returns the frame if it is whole then. */
    private @Nullable ByteBuffer collect(ByteBuffer frame) throws IOException {
        ByteBuffer target = frame;
        while (head < tail && target.position() < largeBytes) {
            if (!target.hasRemaining()) {
                long next = Math.min((long) target.capacity() * STEP_FACTOR, largeBytes);
                target = allocate((int) next).put(target.flip());
            }
            int count = Math.min(tail - head, target.remaining());
            buffer.limit(head + count).position(head);
            target.put(buffer);
            head += count;
        }
        boolean whole = target.position() == largeBytes;
        large = whole ? null : target;
        return whole ? target.flip() : null;
    }

    private ByteBuffer allocate(int bytes) throws IOException {
        try {
            return ByteBuffer.allocate(bytes);
        } catch (OutOfMemoryError e) {
            throw new MalformedStreamException(
                    peer + " sent a frame of " + largeBytes + " bytes, for which there is no memory here;"
                            + " raise -Xmx, or send smaller pieces",
                    e);
        }
    }

    private EOFException end() {
        int rest = tail - head;
        if (large != null) {
            return new EOFException(peer + " closed the connection, or died, in the middle of a frame: "
                    + large.position() + " of its " + largeBytes + " bytes have come");
        }
        if (rest > 0) {
            return new EOFException(peer + " closed the connection, or died, in the middle of a frame: " + rest
                    + " bytes of it have come");
        }
        return new EOFException(peer + " has closed the connection, or died");
    }

    /** The peer does not keep to the format, so that no frame can be found in what follows. */
    static final class MalformedStreamException extends IOException {
        private static final long serialVersionUID = 1L;

        MalformedStreamException(String message) {
            super(message);
        }

        MalformedStreamException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
