// SPDX-License-Identifier: Apache-2.0
package org.processional.spi;

import java.io.Closeable;
import java.io.IOException;

/**
 * Waits until one of many connections or listeners of one transport has something to read, or room to write, or until
 * it is woken.
 *
 * <p>Readiness is a hint, and level-triggered: as long as there is something to read, {@code await} returns at once.
 * The one who was woken polls all connections, or asks {@link #isReady}.
 *
 * <p><b>Threads:</b> one thread waits at a time. {@code add}, {@code remove}, {@code writable}, {@code wakeUp} and
 * {@code close} from any thread; {@code wakeUp} before {@code await} ends the next wait at once. An interrupt flag ends
 * the wait and stays set.
 *
 * @since 0.1
 */
public interface WaitSet extends Closeable {
    /**
     * Adds a connection.
     *
     * @param connection an open connection of the same transport
     * @throws IOException if it is closed
     */
    void add(PollableConnection connection) throws IOException;

    /**
     * Adds a listener: readiness means that somebody wants to connect.
     *
     * @param listener an open listener of the same transport
     * @throws IOException if it is closed
     */
    void add(Listener listener) throws IOException;

    /**
     * Forgets a connection; one that was closed is forgotten by itself.
     *
     * @param connection a connection, in the set or not
     */
    void remove(PollableConnection connection);

    /**
     * Says whether to wait for room to write on a connection too.
     *
     * @param connection a connection in the set; one that is not is ignored
     * @param wanted true to wait for room as well
     */
    void writable(PollableConnection connection, boolean wanted);

    /**
     * Waits for readiness.
     *
     * @param nanos longest time to wait; zero looks once; {@link Long#MAX_VALUE} waits without end
     * @throws IOException if the set is closed or broken
     */
    void await(long nanos) throws IOException;

    /**
     * Whether the last {@code await} found this member ready, for the thread that awaited. A connection that was closed is
     * ready from then on: its next operation tells.
     *
     * @param member a connection or listener of this set
     */
    boolean isReady(Object member);

    /**
     * Says that the caller polls a connection itself while another thread may wait in this set: that one need not be woken
     * for what comes on it. For transports where waking is up to the sender; does nothing by default.
     *
     * @param connection a connection of this set
     * @return whether the other thread will not be woken, for that reason, until {@link #unattended}; a set gives one answer
     *     for all of its connections
     */
    default boolean attended(PollableConnection connection) {
        return false;
    }

    /**
     * Takes that back, after the last poll: what has come since ends the wait that is on, as does what comes from now on.
     *
     * @param connection a connection of which {@link #attended} was true
     */
    default void unattended(PollableConnection connection) {}

    /** Ends the wait that is on, or else the next one. */
    void wakeUp();

    /** Ends every wait; the members stay open. */
    @Override
    void close();
}
