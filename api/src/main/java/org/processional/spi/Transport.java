// SPDX-License-Identifier: Apache-2.0
package org.processional.spi;

import java.io.IOException;
import java.time.Duration;

/**
 * Carries whole frames, in order, between two processes: one implementation for each URI scheme, found by
 * {@link java.util.ServiceLoader}.
 *
 * <p>An implementation opens nothing in its constructor. It needs no more than this interface, {@link Listener} and
 * {@link Connection}; the engine then gives each connection a reader thread. Implement {@link PollableTransport} as
 * well to let the caller who waits read for itself, which saves a thread switch in each direction.
 *
 * <p><b>Threads:</b> all methods may be called from any thread.
 */
public interface Transport {
    /** The scheme of the addresses that this transport serves, in lower case, for example {@code unix}. */
    String scheme();

    /**
     * Which transport to prefer where the user named none; the highest available one wins. Unix sockets have 100.
     *
     * @return the priority; negative for a transport that is used by explicit address only
     */
    int priority();

    /**
     * Whether this system lets it work now: that there is a RAM disk with room, for example. It is asked before a fresh
     * address is, so it must be cheap, and opens nothing.
     *
     * @return false if the next best transport is to be used where the user named none
     */
    default boolean isAvailable() {
        return true;
    }

    /**
     * An address that nobody uses, for a process that is about to be started on this host and user.
     *
     * @return a fresh address of this scheme
     * @throws IOException if the place for such addresses cannot be made
     */
    Address freshAddress() throws IOException;

    /**
     * Begins to listen. What is left of a dead listener at this address is replaced; a live one is not.
     *
     * @param address an address of this scheme
     * @return the listener; the caller closes it
     * @throws IOException if the address is in use, unusable or refused by the system; the message names the address
     *     and the way out
     */
    Listener listen(Address address) throws IOException;

    /**
     * Connects, waiting for the listener to appear.
     *
     * @param address an address of this scheme
     * @param wait longest time to wait for a listener; zero tries once
     * @return the connection; the caller closes it
     * @throws java.net.ConnectException if no listener appeared in time
     * @throws java.nio.channels.ClosedByInterruptException if the thread was interrupted while it waited; its
     *     interrupt flag is set then
     * @throws IOException if the address is unusable or the peer is not who it should be
     */
    Connection connect(Address address, Duration wait) throws IOException;
}
