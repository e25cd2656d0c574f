// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.processional.ConnectionException;
import org.processional.spi.Connection;
import org.processional.spi.FrameHandler;
import org.processional.spi.PollableConnection;

/**
 * Frames back and forth before a connection has a reader, within a time limit.
 *
 * <p><b>Threads:</b> stateless; the calling thread waits.
 */
final class Greeting {
    private Greeting() {}

    /** How long an answer is awaited before the rest of what was sent is tried again. */
    private static final long STEP_NANOS = 500_000;

    /** Sends a short frame. It never waits where it need not: the limit is watched by who receives the answer. */
    static void send(Connection connection, ByteBuffer frame) throws IOException {
        if (connection instanceof PollableConnection pollable && pollable.offer(frame)) {
            pollable.flushNow(); // what has no room yet goes while the answer is awaited
        } else {
            connection.send(frame);
            connection.flush();
        }
    }

    /**
     * Waits for frames.
     *
     * @param deadline a time of {@link System#nanoTime()}
     * @throws ConnectionException if the time is up, or the thread was interrupted
     */
    static void receive(Connection connection, FrameHandler handler, long deadline) throws IOException {
        long rest = deadline - System.nanoTime();
        if (rest <= 0) {
            throw new ConnectionException(connection.peer() + " did not greet in time");
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new ConnectionException("interrupted while greeting " + connection.peer());
        }
        connection.receive(handler, Duration.ofNanos(isSent(connection) ? rest : Math.min(rest, STEP_NANOS)));
    }

    private static boolean isSent(Connection connection) {
        try {
            return !(connection instanceof PollableConnection pollable) || pollable.flushNow();
        } catch (IOException e) {
            return true; // what the other end said before it left, or else the end, is received
        }
    }
}
