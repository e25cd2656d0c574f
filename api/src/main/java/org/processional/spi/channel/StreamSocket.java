// SPDX-License-Identifier: Apache-2.0
package org.processional.spi.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;

/**
 * One end of a connected stream, which never blocks: a socket, or a layer above one that has bytes of its own on the way
 * (encryption).
 *
 * <p><b>Threads:</b> one reads and one writes or flushes at a time, both at once; {@code close} from any thread, and what
 * another thread does at that moment ends with a {@link java.nio.channels.ClosedChannelException} or regularly. An
 * interrupt flag changes nothing.
 *
 * @since 0.1
 */
public interface StreamSocket {
    /** What a selector of the same {@link ChannelKind} registers. */
    SelectableChannel channel();

    /**
     * Reads what is there, by one system call at most.
     *
     * @param into a direct buffer with room
     * @return the number of bytes, 0 if there are none now, -1 if the peer has closed or died and all was read
     */
    int read(ByteBuffer into) throws IOException;

    /**
     * Whether another read gives bytes that are in this process already, of which no selector knows.
     *
     * @return false for a bare socket
     */
    default boolean holdsInput() {
        return false;
    }

    /**
     * Writes what there is room for.
     *
     * @param from a direct buffer
     * @return the number of bytes taken, 0 if there is no room now
     */
    int write(ByteBuffer from) throws IOException;

    /**
     * Hands what this layer took and still holds to the system, as far as it has room.
     *
     * @return true if nothing waits here for room; true for a bare socket
     */
    default boolean flush() throws IOException {
        return true;
    }

    /**
     * Whether room comes from the system alone. While this is false, the peer must say something first, so there may be
     * no room though the channel is writable.
     *
     * @return true for a bare socket
     */
    default boolean isEstablished() {
        return true;
    }

    /**
     * Whether the peer's host has confirmed nothing for long of what the system sent to it again and again.
     *
     * @return false also where the system does not tell, and where both ends are on one host
     */
    default boolean isHostLost() {
        return false;
    }

    /** Ends both directions; what was written stays readable for the peer. */
    void close();
}
