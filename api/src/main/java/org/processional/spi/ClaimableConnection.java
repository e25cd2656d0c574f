// SPDX-License-Identifier: Apache-2.0
package org.processional.spi;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A connection over shared memory, in which a frame can be built where the peer will read it.
 *
 * <p><b>Threads:</b> any number of threads claim at once; each commits or aborts what it claimed. Frames arrive in the
 * order of their claims.
 */
public interface ClaimableConnection extends PollableConnection {
    /**
     * Reserves room for a frame.
     *
     * @param bytes length of the frame
     * @return a buffer of exactly that length, big-endian, over the shared memory; null if there is no room now, or
     *     never for that length: send it by {@link #offer} then
     * @throws IOException if the connection is closed or broken
     */
    @Nullable
    ByteBuffer claim(int bytes) throws IOException;

    /**
     * Makes a claimed frame visible to the peer.
     *
     * @param claimed what {@link #claim} returned
     */
    void commit(ByteBuffer claimed);

    /**
     * Gives a claim up; the peer skips it as padding.
     *
     * @param claimed what {@link #claim} returned
     */
    void abort(ByteBuffer claimed);
}
