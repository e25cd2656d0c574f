// SPDX-License-Identifier: Apache-2.0
package org.example.blocking;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import org.processional.spi.Address;
import org.processional.spi.Connection;
import org.processional.spi.Listener;

final class BlockingListener implements Listener {
    private final ServerSocket socket;
    private final Address address;

    BlockingListener(ServerSocket socket, Map<String, String> options) {
        this.socket = socket;
        this.address = BlockingTransport.address(socket.getLocalPort(), options);
    }

    @Override
    public Address address() {
        return address;
    }

    @Override
    public Connection accept(Duration wait) throws IOException {
        Deadline deadline = new Deadline(wait);
        do {
            socket.setSoTimeout(Math.min(BlockingConnection.SLICE_MILLIS, deadline.millis()));
            try {
                return new BlockingConnection(socket.accept());
            } catch (SocketTimeoutException e) {
                // look at the clock and at the interrupt flag, which wakes nobody here
            }
        } while (!deadline.isOver() && !Thread.currentThread().isInterrupted());
        return null;
    }

    @Override
    public void close() {
        BlockingConnection.closeQuietly(socket);
    }
}
