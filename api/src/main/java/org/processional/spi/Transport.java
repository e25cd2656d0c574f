// SPDX-License-Identifier: Apache-2.0
package org.processional.spi;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Carries whole frames, in order, between two processes: one implementation for each URI scheme, found by
 * {@link java.util.ServiceLoader}.
 *
 * <p>An implementation opens nothing in its constructor. It needs no more than this interface, {@link Listener} and
 * {@link Connection}; the engine then gives each connection a reader thread. Implement {@link PollableTransport} as
 * well to let the caller who waits read for itself, which saves a thread switch in each direction.
 *
 * <p><b>Threads:</b> all methods may be called from any thread.
 *
 * @since 0.1
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
     * Why this transport cannot be used on this system now, in words for users: no room for shared memory, for example.
     * It is asked before {@link #freshAddress()}, must be cheap, and leaves nothing open. Where the user named no
     * transport, the next best one is taken.
     *
     * @return the reason; empty if nothing is known to stand against it
     */
    default Optional<String> unavailable() {
        return Optional.empty();
    }

    /**
     * The longest frame that its connections carry, where that is known without opening one.
     *
     * @return bytes; empty if it depends on the address or the peer
     */
    default OptionalInt maxFrameBytes() {
        return OptionalInt.empty();
    }

    /**
     * An address that nobody uses, for a process that is about to be started on this host and user.
     *
     * @return a fresh address of this scheme
     * @throws IOException if the place for such addresses cannot be made
     */
    Address freshAddress() throws IOException;

    /**
     * A fresh address for a process that has connections of another address already, and is to wait for all of them.
     *
     * @param other an address of this scheme
     * @return a fresh address whose connections fit into one {@link WaitSet} with those of the other
     * @throws IOException as {@link #freshAddress()}
     */
    default Address freshAddressLike(Address other) throws IOException {
        return freshAddress();
    }

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
