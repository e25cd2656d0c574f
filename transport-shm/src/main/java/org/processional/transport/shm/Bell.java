// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.shm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import org.processional.spi.PollableConnection;

/**
 * Wakes the process at the other end, by a frame of one byte on the socket.
 *
 * <p>It is rung only for somebody who said that it sleeps, and who says so takes the bells off the socket first: a few
 * are on their way at most, and they always find room.
 *
 * <p><b>Threads:</b> from any thread, under a lock within which nothing waits.
 */
final class Bell {
    private static final byte[] FRAME = {'B'};

    private final PollableConnection socket;
    private final ReentrantLock ringing = new ReentrantLock();
    private final ByteBuffer frame = ByteBuffer.wrap(FRAME.clone()); // guarded by ringing

    Bell(PollableConnection socket) {
        this.socket = socket;
    }

    void ring() {
        ringing.lock();
        try {
            if (socket.offer(frame.clear())) {
                socket.flushNow();
            }
        } catch (IOException e) {
            // the peer is gone, or the connection is closed: whoever reads the socket learns it
        } finally {
            ringing.unlock();
        }
    }
}
