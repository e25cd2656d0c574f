// SPDX-License-Identifier: Apache-2.0
package org.processional.tck;

import java.io.IOException;
import org.processional.spi.Address;
import org.processional.spi.Connection;
import org.processional.spi.Listener;
import org.processional.spi.Transport;

/** The two ends of a connection, and the listener that made it. */
record Pair(Listener listener, Connection client, Connection server) implements AutoCloseable {
    static Pair open(Transport transport, Address address) throws IOException {
        Listener listener = transport.listen(address);
        try {
            Connection client = transport.connect(listener.address(), Eventually.limit());
            return new Pair(listener, client, accept(listener));
        } catch (IOException | RuntimeException | Error e) {
            listener.close();
            throw e;
        }
    }

    /** The next connection, which is on its way. */
    static Connection accept(Listener listener) throws IOException {
        Connection server = listener.accept(Eventually.limit());
        if (server == null) {
            throw new AssertionError("a client connected, and accept gave nothing within " + Eventually.limit());
        }
        return server;
    }

    @Override
    public void close() {
        client.close();
        server.close();
        listener.close();
    }
}
