// SPDX-License-Identifier: Apache-2.0
package org.processional.spi;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Accepts connections at an address.
 *
 * <p><b>Threads:</b> one thread accepts at a time; {@code close} from any thread, any number of times, and it wakes a
 * waiting {@code accept}.
 *
 * @since 0.1
 */
public interface Listener extends Closeable {
    /** The address to connect to, with everything resolved that was left open (a port of 0, a relative path). */
    Address address();

    /**
     * Waits for the next connection. A peer that is not allowed (another user, say) is dropped silently and does not
     * end the wait.
     *
     * @param wait longest time to wait; zero looks once; the interrupt flag of the thread ends the wait and stays set
     * @return a connection, which the caller closes; null if the time was up or the thread was interrupted
     * @throws IOException if the listener is closed or broken
     */
    @Nullable
    Connection accept(Duration wait) throws IOException;

    /** Stops listening and removes what the address left in the system. Accepted connections live on. */
    @Override
    void close();
}
