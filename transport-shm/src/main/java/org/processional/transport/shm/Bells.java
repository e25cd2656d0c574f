// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.shm;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.processional.spi.FrameHandler;

/**
 * Takes bells off the socket beside the rings, and keeps the reason of one who refused the connection there.
 *
 * <p><b>Threads:</b> frames by who reads the socket; the rest from any.
 */
final class Bells implements FrameHandler {
    private volatile @Nullable String refusal; // written by who reads the socket

    @Override
    public void frame(ByteBuffer frame, boolean owned) {
        String reason = Greeting.reason(frame);
        if (reason != null) {
            refusal = reason;
        }
    }

    boolean isRefused() {
        return refusal != null;
    }

    /** What the peer did, once it has ended: the end of a sentence. */
    String whyEnded() {
        String reason = refusal;
        return reason == null ? "has closed the connection, or died" : "refused the connection: " + reason;
    }
}
