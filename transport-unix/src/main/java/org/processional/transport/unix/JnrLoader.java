// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.unix;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The one place that touches {@link JnrSockets}, so that nobody loads a class of jnr who does not need it: it costs a
 * fresh JVM a quarter of a second.
 *
 * <p><b>Threads:</b> from any thread.
 */
final class JnrLoader {
    private static volatile @Nullable Sockets loaded; // guarded by the class for writing

    private JnrLoader() {}

    /**
     * The sockets of jnr.
     *
     * @param name who needs them, for the message
     * @throws IOException if its jars are missing, or its native library does not load here
     */
    static Sockets sockets(SocketName name) throws IOException {
        Sockets sockets = loaded;
        return sockets == null ? load(name) : sockets;
    }

    private static synchronized Sockets load(SocketName name) throws IOException {
        Sockets sockets = loaded;
        if (sockets != null) {
            return sockets;
        }
        boolean interrupted = Thread.interrupted(); // jffi unpacks its library through a channel, which would be closed
        try {
            sockets = JnrSockets.open();
        } catch (LinkageError | RuntimeException | IOException e) {
            throw new IOException(
                    "cannot use " + name
                            + ": abstract names and provider=jnr need jnr-unixsocket, which does not load ("
                            + e + "); on the class path add com.github.jnr:jnr-unixsocket, on the module path also say"
                            + " --add-modules org.jnrproject.unixsocket,org.objectweb.asm, or use an address unix:/path",
                    e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        loaded = sockets;
        return sockets;
    }
}
