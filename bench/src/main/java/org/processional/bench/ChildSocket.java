// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A socket between this JVM and an end in the slave: of Unix, whose file is gone as soon as the other end has connected, or of TCP at
 * loopback.
 *
 * <p><b>Threads:</b> one thread uses it.
 */
final class ChildSocket implements AutoCloseable {
    private static final long CONNECT_MILLIS = TimeUnit.SECONDS.toMillis(20);

    /** The kinds of sockets. */
    enum Family {
        UNIX,
        TCP
    }

    private final PolledSocket socket;

    private ChildSocket(PolledSocket socket) {
        this.socket = socket;
    }

    /** The kind of sockets that a transport is made of. */
    static Family family(String transport) {
        return transport.equals("tcp") ? Family.TCP : Family.UNIX;
    }

    /** Starts the other end. */
    @FunctionalInterface
    interface Starter {
        /**
         * Starts it.
         *
         * @param place where it has to connect to
         */
        void start(String place) throws Exception;
    }

    /**
     * Starts the other end, and waits until it has connected.
     *
     * @param family the kind of socket
     * @param starter starts the other end, which {@link #connect connects}
     * @param pollNanos how long this end polls before it sleeps
     * @throws Exception if the other end does not start, or does not connect within 20 s
     */
    static ChildSocket open(Family family, Starter starter, long pollNanos) throws Exception {
        return family == Family.UNIX ? openUnix(starter, pollNanos) : openTcp(starter, pollNanos);
    }

    private static ChildSocket openTcp(Starter starter, long pollNanos) throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
            starter.start(Integer.toString(port));
            return new ChildSocket(new PolledSocket(accept(server), pollNanos));
        }
    }

    private static ChildSocket openUnix(Starter starter, long pollNanos) throws Exception {
        Path directory = Files.createTempDirectory("processional-bench-");
        Path file = directory.resolve("socket");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(file));
            starter.start(file.toString());
            return new ChildSocket(new PolledSocket(accept(server), pollNanos));
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(directory);
        }
    }

    private static SocketChannel accept(ServerSocketChannel server) throws IOException {
        server.configureBlocking(false);
        try (Selector selector = Selector.open()) {
            server.register(selector, SelectionKey.OP_ACCEPT);
            selector.select(CONNECT_MILLIS);
            SocketChannel accepted = server.accept();
            if (accepted == null) {
                throw new IOException("the other end did not connect within " + CONNECT_MILLIS + " ms");
            }
            return accepted;
        }
    }

    /** The other end of {@link #open}, in the other JVM. */
    static PolledSocket connect(String place, long pollNanos) throws IOException {
        SocketAddress address = place.startsWith("/")
                ? UnixDomainSocketAddress.of(place)
                : new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(place));
        return new PolledSocket(SocketChannel.open(address), pollNanos);
    }

    PolledSocket socket() {
        return socket;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
