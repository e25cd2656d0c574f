// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.unix;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;

/**
 * One end of a connected socket, which never blocks.
 *
 * <p><b>Threads:</b> one reads and one writes at a time, both at once; {@code close} from any thread, and what another
 * thread does at that moment ends with a {@link java.nio.channels.ClosedChannelException} or regularly. An interrupt flag
 * changes nothing.
 */
interface StreamSocket {
    /** What a selector of the same {@link Sockets} registers. */
    SelectableChannel channel();

    /**
     * Reads what is there, by one system call.
     *
     * @param into a direct buffer with room
     * @return the number of bytes, 0 if there are none now, -1 if the peer has closed or died and all was read
     */
    int read(ByteBuffer into) throws IOException;

    /**
     * Writes what the system takes, by one system call.
     *
     * @param from a direct buffer
     * @return the number of bytes, 0 if there is no room now
     */
    int write(ByteBuffer from) throws IOException;

    /** Who is at the other end. */
    PeerUser peer() throws IOException;

    /** Ends both directions; what was written stays readable for the peer. */
    void close();
}
