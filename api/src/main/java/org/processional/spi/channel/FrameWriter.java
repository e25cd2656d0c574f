// SPDX-License-Identifier: Apache-2.0
package org.processional.spi.channel;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Puts frames into a socket.
 *
 * <p>Small frames are gathered, and go out together by one system call. A frame that does not fit beside them is
 * pumped through the same buffer piece by piece, or written from where it lies if it is direct: the system would copy
 * a frame in the heap as a whole. The buffer is small until more is sent at once.
 *
 * <p><b>Threads:</b> the writing thread only.
 */
final class FrameWriter {
    private static final int FIRST_BUFFER_BYTES = 8 << 10;
    private static final int BUFFER_BYTES = 64 << 10;

    private final StreamSocket socket;
    private ByteBuffer gathered = ByteBuffer.allocateDirect(FIRST_BUFFER_BYTES); // writing thread only, as all below
    private ByteBuffer sending = gathered.duplicate(); // the same bytes; its position: the first not sent
    private long sent; // read by any, to whom an old value does no harm
    private int begun; // bytes of a begun frame that were not taken yet

    FrameWriter(StreamSocket socket) {
        this.socket = socket;
    }

    /** Bytes that the socket has taken. */
    long sent() {
        return sent;
    }

    /** Takes what there is room for, as {@link org.processional.spi.PollableConnection#offer} says. */
    boolean offer(ByteBuffer frame) throws IOException {
        int bytes = frame.remaining();
        if (begun > 0) {
            if (bytes != begun) {
                throw new IllegalArgumentException("a frame was begun and " + begun + " bytes of it are to follow, not "
                        + bytes + "; offer the rest of that frame first");
            }
            return pump(frame);
        }
        if (bytes > FrameFormat.MAX_FRAME_BYTES) {
            throw new IllegalArgumentException("a frame of " + bytes + " bytes is too long; "
                    + FrameFormat.MAX_FRAME_BYTES + " is the most, send it in pieces");
        }
        int whole = bytes + FrameFormat.HEADER_BYTES;
        if (whole > gathered.capacity()) {
            grow();
        }
        if (whole <= gathered.capacity()) {
            if (!room(whole)) {
                return false;
            }
            gathered.putInt(bytes).put(frame);
            return true;
        }
        if (!room(FrameFormat.HEADER_BYTES)) {
            return false;
        }
        gathered.putInt(bytes);
        begun = bytes;
        gather(frame); // so that the header does not go alone
        return pump(frame);
    }

    /** Writes what was gathered, by one system call. */
    boolean flush() throws IOException {
        int end = gathered.position();
        if (sending.position() == end) {
            return socket.flush();
        }
        sending.limit(end);
        sent += socket.write(sending);
        if (sending.position() < end) {
            return false;
        }
        gathered.clear();
        sending.clear();
        return socket.flush();
    }

    private boolean room(int bytes) throws IOException {
        if (gathered.remaining() < bytes) {
            grow();
        }
        if (gathered.remaining() >= bytes || flush()) {
            return true;
        }
        if (gathered.capacity() - (gathered.position() - sending.position()) < bytes) {
            return false;
        }
        sending.limit(gathered.position());
        sending.compact();
        gathered.position(sending.position());
        sending.position(0);
        return true;
    }

    /** Takes a buffer of full size, if it has none and there is memory for it. */
    private void grow() {
        ByteBuffer larger = DirectBuffers.larger(gathered, BUFFER_BYTES);
        if (larger.capacity() == gathered.capacity()) {
            return;
        }
        larger.put(sending.limit(gathered.position()));
        gathered = larger;
        sending = larger.duplicate().position(0);
    }

    private boolean pump(ByteBuffer frame) throws IOException {
        while (begun > 0) {
            if (!flush()) {
                return false;
            }
            if (!frame.isDirect()) {
                gather(frame);
            } else {
                int count = socket.write(frame);
                sent += count;
                if (count == 0) {
                    return false;
                }
                begun -= count;
            }
        }
        return true;
    }

    private void gather(ByteBuffer frame) {
        int count = Math.min(begun, gathered.remaining());
        int limit = frame.limit();
        frame.limit(frame.position() + count);
        gathered.put(frame);
        frame.limit(limit);
        begun -= count;
    }
}
