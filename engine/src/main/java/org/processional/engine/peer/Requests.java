// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.processional.ConnectionException;

/**
 * Who takes the requests of the other end, and learns of the end of a connection.
 *
 * <p><b>Threads:</b> called by the thread that reads: nothing here waits, or runs code of users.
 */
interface Requests {
    /** A request has come. */
    void add(Request request);

    /** A request is about to be given to a thread that waits in its chain. */
    void beside(Request request);

    /** Offers the nested calls that have gone home, and have not begun, to the thread of their chain. */
    void offerTo(Chains.Member member);

    /** A request shall be cancelled or interrupted, or is awaited. */
    void about(Peer peer, long ticket, int kind, int flags);

    /** Whether another answer will be sent soon after that of a request which the calling thread has run. */
    default boolean isBusyAfter(Request request) {
        return false;
    }

    /** Removes a request that has ended from what {@link #about} looks in. */
    void ended(Request request);

    /** A request that has ended was answered. */
    default void answered(Request request) {}

    /** The other end takes answers again, after it had taken none for a while. */
    default void roomMade() {}

    /** The other end takes records of the log of this process. */
    default void listens(Peer peer) {}

    /**
     * The other end has logged something.
     *
     * @param task the task that did; null for none
     * @param body the record
     */
    default void logged(Peer peer, @Nullable String task, ByteBuffer body) {} // nobody has asked for it

    /** The connection has ended; fails what is pending, now or later, by {@link Peer#failPending}. */
    void lost(Peer peer, Throwable why);

    /** Why a connection has ended, in words for users; may wait a little. */
    Throwable explain(Peer peer, Throwable why);

    /** Kills the process at the other end; null if that is not for this one to decide. */
    default @Nullable Killer killer() {
        return null;
    }

    /** How long the other end may be silent while something is awaited of it; null for ever. */
    default @Nullable Duration silenceLimit() {
        return null;
    }

    /** The other end was silent for longer than that, or its host is gone; may wait. */
    default void silentTooLong(Peer peer, String why) {
        peer.lost(new ConnectionException(why));
    }

    /** What there is to do for others now. */
    default Load load() {
        return Load.NONE;
    }

    /** The life of this process, as far as the other end may decide on it; a client's is its own. */
    default Control control() {
        throw new ConnectionException("process " + Identity.PID + " is a client, and ends when it likes");
    }

    /** The classes of this process, for functions of the other end. */
    ClassLoader loader(Exports.@Nullable Entry entry);

    /** What is taken of the other end. */
    Policy policy();

    /** What code of this process the other end can have. */
    CodeOffer offer();

    /** Where functions of the other end run; null if it may only call objects that were given to it. */
    @Nullable
    Home home();
}
