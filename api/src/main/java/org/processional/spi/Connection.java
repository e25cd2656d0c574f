// SPDX-License-Identifier: Apache-2.0
package org.processional.spi;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * A point-to-point, reliable, ordered stream of frames: each frame arrives whole, once, in the order of sending, or the
 * connection ends.
 *
 * <p>A frame has 0 to {@link #maxFrameBytes()} bytes. After the peer has closed or died, what it sent before is still
 * received, then {@link java.io.EOFException}; also where a {@code send} has failed before.
 *
 * <p><b>Threads:</b> one thread sends at a time and one receives at a time (the engine sees to it), both at once.
 * {@code close} from any thread, any number of times; it wakes everybody who waits in this connection with an
 * {@link IOException}. The interrupt flag of a thread never harms the connection: {@code send} and {@code flush} ignore
 * it, {@code receive} ends its wait early; all leave it set.
 *
 * @since 0.1
 */
public interface Connection extends Closeable {
    /**
     * Sends a frame: the bytes from the buffer's position to its limit. Waits while the peer takes nothing.
     *
     * @param frame the frame; its position is at its limit afterwards, and the caller may use it again at once
     * @throws IllegalArgumentException if the frame is longer than {@link #maxFrameBytes()}; nothing is sent then
     * @throws IOException if the connection is closed or broken
     */
    void send(ByteBuffer frame) throws IOException;

    /**
     * Makes sure that what was sent is on its way; {@code send} may gather frames until then.
     *
     * @throws IOException if the connection is closed or broken
     */
    void flush() throws IOException;

    /**
     * Waits for frames and hands at least one to the handler, or none if the time was up.
     *
     * @param handler takes the frames, in this thread
     * @param wait longest time to wait for the first frame; zero looks once
     * @return the number of frames handed over
     * @throws java.io.EOFException if the peer has closed the connection, or died, and all it sent has been received
     * @throws IOException if the connection is closed or broken
     */
    int receive(FrameHandler handler, Duration wait) throws IOException;

    /** The longest frame, in bytes; both ends have the same. */
    int maxFrameBytes();

    /** Who is at the other end, for messages and thread names: an address, a process id, a user, what is known. */
    String peer();

    /** Ends the connection for both ends. What was flushed before still arrives, whatever has come here and is unread. */
    @Override
    void close();
}
