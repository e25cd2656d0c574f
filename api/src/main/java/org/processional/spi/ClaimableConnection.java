// SPDX-License-Identifier: Apache-2.0
package org.processional.spi;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A connection over shared memory, in which a frame can be built where the peer will read it.
 *
 * <p>Claims are independent of {@code offer}: they may be made while a frame that was begun by an offer is not yet taken
 * whole. Such a frame counts as sent when it is taken whole, so what is claimed meanwhile arrives before it. Whoever
 * must keep an order therefore claims only while nothing of its own waits to be offered.
 *
 * <p>A claim that is neither committed nor aborted holds up everything behind it. It needs no flush.
 *
 * <p><b>Threads:</b> any number of threads claim at once, also beside the one that offers; each commits or aborts what it
 * claimed. Frames arrive in the order of their claims.
 *
 * @since 0.1
 */
public interface ClaimableConnection extends PollableConnection {
    /**
     * Reserves room for a frame.
     *
     * @param bytes length of the frame
     * @return a buffer over the shared memory, big-endian, whose position is 0 and whose limit is the length of the frame
     *     and must stay that; null if there is no room now, or never for that length: send it by {@link #offer} then
     * @throws IOException if the connection is closed or broken
     */
    @Nullable
    ByteBuffer claim(int bytes) throws IOException;

    /**
     * Makes a claimed frame visible to the peer: all bytes up to the limit, wherever the position is. Nothing happens if
     * the connection was closed meanwhile.
     *
     * @param claimed what {@link #claim} returned; it must not be used any more
     * @throws IllegalArgumentException if it is something else
     */
    void commit(ByteBuffer claimed);

    /**
     * Gives a claim up; the peer skips it as padding.
     *
     * @param claimed what {@link #claim} returned; it must not be used any more
     * @throws IllegalArgumentException if it is something else
     */
    void abort(ByteBuffer claimed);
}
