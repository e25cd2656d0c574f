// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.processional.spi.FrameHandler;
import org.processional.spi.PollableConnection;

/**
 * Takes frames, and counts which of them the other end sees; it can be out of room until somebody makes it.
 *
 * <p><b>Threads:</b> written to by one thread at a time; room is made by any.
 */
class StressConnection implements PollableConnection {
    private int taken; // by who writes
    private int flushed; // the same
    volatile boolean room;

    StressConnection(boolean room) {
        this.room = room;
    }

    /** Frames that the other end sees. */
    int flushed() {
        return flushed;
    }

    @Override
    public boolean offer(ByteBuffer frame) {
        if (!room) {
            return false;
        }
        frame.position(frame.limit());
        taken++;
        return true;
    }

    @Override
    public boolean flushNow() {
        if (!room) {
            return false;
        }
        flushed = taken;
        return true;
    }

    @Override
    public int poll(FrameHandler handler) {
        return 0;
    }

    @Override
    public int receive(FrameHandler handler, Duration wait) {
        return 0;
    }

    @Override
    public void send(ByteBuffer frame) {
        throw new IllegalStateException("nobody waits here");
    }

    @Override
    public void flush() {
        throw new IllegalStateException("nobody waits here");
    }

    @Override
    public int maxFrameBytes() {
        return 1 << 16;
    }

    @Override
    public String peer() {
        return "stress";
    }

    @Override
    public void close() {
        room = true;
    }
}
