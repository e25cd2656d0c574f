// SPDX-License-Identifier: Apache-2.0
package org.processional;

import java.time.Duration;

/**
 * This process in the role of a server: made by {@link Processional#serve}, with a main thread of its own that runs the
 * tasks of all clients.
 *
 * <p><b>Threads:</b> everything from any thread.
 *
 * @since 0.1
 */
public interface Server extends AutoCloseable {
    /** The address to connect to, with everything resolved that was left open. */
    String address();

    /** The number of clients that are connected now. */
    int clients();

    /** Whether clients can connect. */
    boolean isOpen();

    /**
     * Waits until the server has ended: by {@link #close()}, or because a client asked for it.
     *
     * @param wait longest time to wait
     * @return whether it has ended
     * @throws WaitInterruptedException if the calling thread was interrupted
     */
    boolean await(Duration wait);

    /** Stops listening, finishes what is queued within a limit, and disconnects all clients. */
    @Override
    void close();
}
