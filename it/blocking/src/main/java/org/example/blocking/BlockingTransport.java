// SPDX-License-Identifier: Apache-2.0
package org.example.blocking;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.processional.ConnectionException;
import org.processional.spi.Address;
import org.processional.spi.Connection;
import org.processional.spi.Listener;
import org.processional.spi.NetworkTransport;

/** Sockets of this host, as java.net has them: addresses {@code blocking://port}. */
public final class BlockingTransport implements NetworkTransport {
    private static final long STEP_MILLIS = 5;
    private static final int FIRST_PORT = 10_000;
    private static final int LAST_PORT = 30_000;
    private static final int TRIES = 100;

    /** For the service loader. */
    public BlockingTransport() {}

    @Override
    public String scheme() {
        return "blocking";
    }

    @Override
    public int priority() {
        return -1; // where it is named, and nowhere else
    }

    /** A port below those that systems give to who connects: such a one could be taken before it is listened at. */
    @Override
    public Address freshAddress() throws IOException {
        BindException taken = new BindException("no port tried");
        for (int i = 0; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return address(socket.getLocalPort(), Map.of());
            } catch (BindException e) {
                taken = e;
            }
        }
        throw taken;
    }

    /** With slashes: what a colon and digits follow is a host and its port, short for tcp. */
    static Address address(int port, Map<String, String> options) {
        return new Address("blocking", "//" + port, options);
    }

    private static InetSocketAddress socketAddress(Address address) throws IOException {
        for (String option : address.options().keySet()) {
            if (!option.equals(SECRET_FILE)) {
                throw new IOException(
                        "\"" + address + "\" has the unknown option \"" + option + "\"; known is " + SECRET_FILE);
            }
        }
        try {
            int port = Integer.parseInt(address.target().replaceFirst("^//", ""));
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        } catch (IllegalArgumentException e) {
            throw new ConnectionException("\"" + address + "\" has no port; write for example blocking://4711", e);
        }
    }

    @Override
    public Listener listen(Address address) throws IOException {
        InetSocketAddress place = socketAddress(address);
        ServerSocket socket = new ServerSocket();
        try {
            socket.bind(place, 1024);
        } catch (IOException e) {
            socket.close();
            throw new IOException("cannot listen at " + address + ": " + e.getMessage() + "; choose another port", e);
        }
        return new BlockingListener(socket, address.options());
    }

    @Override
    public Connection connect(Address address, Duration wait) throws IOException {
        InetSocketAddress place = socketAddress(address);
        Deadline deadline = new Deadline(wait);
        while (true) {
            Socket socket = new Socket();
            try {
                socket.connect(place);
                return new BlockingConnection(socket);
            } catch (IOException e) {
                socket.close();
                if (deadline.isOver()) {
                    throw (ConnectException) new ConnectException("nobody listens at " + address).initCause(e);
                }
            }
            try {
                Thread.sleep(Math.min(STEP_MILLIS, deadline.millis()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ClosedByInterruptException();
            }
        }
    }
}
