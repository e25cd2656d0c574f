// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.unix;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import org.jspecify.annotations.Nullable;

/**
 * A socket that listens and never blocks.
 *
 * <p><b>Threads:</b> one accepts at a time; {@code close} from any thread. An interrupt flag changes nothing.
 */
interface ListeningSocket {
    /** What a selector of the same {@link Sockets} registers. */
    SelectableChannel channel();

    /** The next connection, or null if nobody waits for one. */
    @Nullable
    UnixSocket accept() throws IOException;

    /** Stops listening; a file at the socket's path stays. */
    void close();
}
