// SPDX-License-Identifier: Apache-2.0
package org.processional.spi;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * A connection that never makes anybody wait: whoever has time offers, flushes and polls, and waits elsewhere, in a
 * {@link WaitSet} or not at all.
 *
 * <p><b>Threads:</b> one thread offers or flushes at a time and one polls at a time (the engine sees to it), both at
 * once; what one of them wrote is visible to its successor by the engine's hand-over. An interrupt flag changes
 * nothing.
 *
 * @since 0.1
 */
public interface PollableConnection extends Connection {
    /**
     * Takes as much of a frame as there is room for, from the buffer's position on. A frame begun must be offered
     * until it is taken whole, before any other; small frames may be gathered until {@link #flushNow()}.
     *
     * @param frame a frame, or the rest of one that was begun; its position moves behind what was taken
     * @return true if the frame was taken whole; false if it must be offered again after the peer has taken something
     * @throws IllegalArgumentException if a new frame is longer than {@link #maxFrameBytes()}; nothing is taken then
     * @throws IOException if the connection is closed or broken
     */
    boolean offer(ByteBuffer frame) throws IOException;

    /**
     * Hands what was taken to the system, as far as it has room.
     *
     * @return true if nothing is left here
     * @throws IOException if the connection is closed or broken
     */
    boolean flushNow() throws IOException;

    /**
     * Hands over the frames that are here, without waiting: at most one look into the system.
     *
     * @param handler takes the frames, in this thread
     * @return the number of frames handed over, 0 if there was none
     * @throws java.io.EOFException if the peer has closed the connection, or died, and all it sent has been received
     * @throws IOException if the connection is closed or broken
     */
    int poll(FrameHandler handler) throws IOException;

    /** {@inheritDoc} The engine uses it while the two ends greet each other, and polls from then on. */
    @Override
    int receive(FrameHandler handler, Duration wait) throws IOException;
}
