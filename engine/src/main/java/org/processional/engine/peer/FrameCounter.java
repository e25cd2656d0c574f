// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.nio.ByteBuffer;
import org.processional.ConnectionException;

/**
 * Counts the frames of one direction of a connection after the greeting, where they are sent and where they arrive: a
 * transport that loses, repeats or shortens one is found out, before anybody believes what it brought.
 *
 * <p><b>Threads:</b> one at a time: who sends, or who reads.
 */
final class FrameCounter {
    private int last; // the number of the frame before; wraps around after 2^32 of them, past 0

    private int next() {
        return last == -1 ? 1 : last + 1;
    }

    /** Numbers a frame that is about to be sent. */
    void count(ByteBuffer frame) {
        last = next();
        Frames.number(frame, last);
    }

    /**
     * Looks whether a frame that came is the next one, and whole.
     *
     * @throws ConnectionException if it is not; what its sender did not count is believed
     */
    void check(ByteBuffer frame, String peer) {
        int length = Frames.length(frame);
        int number = Frames.number(frame);
        if (length == 0 && number == 0) {
            return;
        }
        if (length != frame.remaining()) {
            throw new ConnectionException("damaged frame from " + peer + ": " + frame.remaining() + " bytes of "
                    + length + " have come; its transport is broken");
        }
        if (number != next()) {
            throw new ConnectionException(
                    "frame " + Integer.toUnsignedString(number) + " from " + peer + " came after frame "
                            + Integer.toUnsignedString(last) + "; its transport is broken: it loses or repeats frames");
        }
        last = number;
    }
}
