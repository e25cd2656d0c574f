// SPDX-License-Identifier: Apache-2.0
package org.processional.tck;

import org.processional.spi.Connection;
import org.processional.spi.Listener;

/** The two ends of a connection, and the listener that made it. */
record Pair(Listener listener, Connection client, Connection server) implements AutoCloseable {
    @Override
    public void close() {
        client.close();
        server.close();
        listener.close();
    }
}
