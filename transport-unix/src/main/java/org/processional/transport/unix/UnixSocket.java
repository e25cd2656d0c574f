// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.unix;

import java.io.IOException;
import org.processional.spi.channel.StreamSocket;

/**
 * A connected socket whose other end the system knows.
 *
 * <p><b>Threads:</b> as {@link StreamSocket} says.
 */
interface UnixSocket extends StreamSocket {
    /** Who is at the other end. */
    PeerUser peer() throws IOException;
}
