// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.unix;

import java.io.IOException;
import java.nio.channels.Selector;
import org.jspecify.annotations.Nullable;

/**
 * The system's stream sockets and the selector that waits for them, as one library offers them: the seam between this
 * transport and the JDK's channels or jnr's.
 *
 * <p><b>Threads:</b> all methods from any thread.
 */
interface Sockets {
    /** The name of the library, as in the address option {@code provider}. */
    String provider();

    /** Opens a selector for the channels of these sockets. */
    Selector openSelector() throws IOException;

    /**
     * Binds and listens.
     *
     * @param name a path that does not exist, or an abstract name
     * @throws java.net.BindException if it is taken
     */
    ListeningSocket listen(SocketName name) throws IOException;

    /**
     * Connects, if that is possible now.
     *
     * @return the socket; null if nobody listens, or too many wait to be accepted
     * @throws IOException if waiting will not help
     */
    @Nullable
    StreamSocket connect(SocketName name) throws IOException;

    /**
     * Whether somebody listens, busy or not. Who listens may see a connection that ends at once.
     *
     * @throws IOException if that cannot be told, because of permissions for example
     */
    boolean isLive(SocketName name) throws IOException;
}
