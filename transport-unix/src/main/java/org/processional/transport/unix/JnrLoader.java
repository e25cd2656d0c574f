// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.unix;

import java.io.IOException;

/**
 * The one place that touches {@code JnrSockets}, so that nobody loads a class of jnr who does not need it.
 *
 * <p><b>Threads:</b> from any thread.
 */
final class JnrLoader {
    private JnrLoader() {}

    /**
     * The sockets of jnr.
     *
     * @throws IOException if its jars are missing, or its native library does not load here
     */
    static Sockets sockets(SocketName name) throws IOException {
        throw new IOException("cannot use " + name);
    }
}
