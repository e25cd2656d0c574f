// SPDX-License-Identifier: Apache-2.0
package org.processional.spi;

import java.nio.ByteBuffer;

/**
 * Takes the frames that a connection received.
 *
 * <p><b>Threads:</b> called by the thread that receives or polls, one frame at a time, in their order. It never blocks.
 * It may send what there is room for, and close, also on the connection that calls it.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface FrameHandler {
    /**
     * Takes one whole frame, from the buffer's position to its limit, big-endian. What it throws passes through to who
     * receives or polls; it has had its frame then, and the next call goes on behind it.
     *
     * @param frame the frame
     * @param owned true if the buffer was made for this frame and the handler may keep it; false if the connection
     *     uses it again after this call
     */
    void frame(ByteBuffer frame, boolean owned);
}
