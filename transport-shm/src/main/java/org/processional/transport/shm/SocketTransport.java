// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.shm;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.processional.spi.PollableTransport;
import org.processional.spi.Providers;
import org.processional.spi.Transport;

/**
 * The transport of the socket beside the rings.
 *
 * <p><b>Threads:</b> from any thread; whoever comes first looks.
 */
final class SocketTransport {
    private static final String SCHEME = "unix";
    private static final String USUAL = "org.processional.transport.unix.UnixTransport";
    private static volatile @Nullable PollableTransport known; // written by any thread, once it was found

    private SocketTransport() {}

    /**
     * Finds it.
     *
     * @throws IOException if it is missing; the message names its module
     */
    static PollableTransport find() throws IOException {
        PollableTransport found = known;
        if (found == null
                && Providers.find(Transport.class, USUAL) instanceof PollableTransport usual
                && usual.scheme().equals(SCHEME)) {
            found = usual; // no look at the whole path: this is on the way of a slave that starts
            known = found;
        }
        if (found == null) {
            Providers.Found<Transport> transports = Providers.find(Transport.class);
            found = pick(transports.providers());
            if (found == null) {
                IOException missing = new IOException("transport shm needs transport unix, for the socket that wakes"
                        + " who sleeps; add module org.processional.transport.unix (artifact"
                        + " processional-transport-unix)");
                for (Throwable failure : transports.failures()) {
                    missing.addSuppressed(failure);
                }
                throw missing;
            }
            known = found;
        }
        return found;
    }

    private static @Nullable PollableTransport pick(List<Transport> transports) {
        for (int i = 0; i < transports.size(); i++) {
            if (transports.get(i) instanceof PollableTransport pollable
                    && pollable.scheme().equals(SCHEME)) {
                return pollable;
            }
        }
        return null;
    }
}
