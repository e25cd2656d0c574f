// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.unix;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.processional.spi.channel.ChannelKind;

/**
 * The system's stream sockets, as one library offers them together with the selector that waits for them: the seam between this
 * transport and the JDK's channels or jnr's.
 *
 * <p><b>Threads:</b> all methods from any thread.
 */
interface Sockets extends ChannelKind {
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
    UnixSocket connect(SocketName name) throws IOException;

    /**
     * Whether somebody listens, busy or not. Who listens may see a connection that ends at once.
     *
     * @throws IOException if that cannot be told, because of permissions for example
     */
    boolean isLive(SocketName name) throws IOException;
}
