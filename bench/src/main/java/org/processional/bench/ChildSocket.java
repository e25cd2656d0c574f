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
 * A child JVM and a socket to it: of Unix, whose file is gone as soon as the child has connected, or of TCP at loopback.
 *
 * <p><b>Threads:</b> one thread uses it.
 */
final class ChildSocket implements AutoCloseable {
    private static final long CONNECT_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final int LOOK_MILLIS = 100;

    /** The kinds of sockets. */
    enum Family {
        UNIX,
        TCP
    }

    private final ChildJvm child;
    private final PolledSocket socket;

    private ChildSocket(ChildJvm child, PolledSocket socket) {
        this.child = child;
        this.socket = socket;
    }

    /**
     * Starts a child, which finds the place of the socket as its argument, and waits until it has connected.
     *
     * @param main its main class
     * @param pollNanos how long this end polls before it sleeps
     * @throws IOException if the child ends or does not connect within 20 s
     */
    static ChildSocket open(Family family, Class<?> main, long pollNanos) throws IOException {
        return family == Family.UNIX ? openUnix(main, pollNanos) : openTcp(main, pollNanos);
    }

    private static ChildSocket openTcp(Class<?> main, long pollNanos) throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
            return start(server, main, Integer.toString(port), pollNanos);
        }
    }

    private static ChildSocket openUnix(Class<?> main, long pollNanos) throws IOException {
        Path directory = Files.createTempDirectory("processional-bench-");
        Path file = directory.resolve("socket");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(file));
            return start(server, main, file.toString(), pollNanos);
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(directory);
        }
    }

    private static ChildSocket start(ServerSocketChannel server, Class<?> main, String place, long pollNanos)
            throws IOException {
        ChildJvm child = ChildJvm.start(main, place);
        try {
            return new ChildSocket(child, new PolledSocket(accept(server, child), pollNanos));
        } catch (IOException | RuntimeException e) {
            child.close();
            throw e;
        }
    }

    private static SocketChannel accept(ServerSocketChannel server, ChildJvm child) throws IOException {
        server.configureBlocking(false);
        long until = System.nanoTime() + CONNECT_NANOS;
        try (Selector selector = Selector.open()) {
            server.register(selector, SelectionKey.OP_ACCEPT);
            SocketChannel accepted;
            while ((accepted = server.accept()) == null) {
                if (!child.isAlive() || System.nanoTime() - until > 0) {
                    throw new IOException(
                            "the child JVM " + (child.isAlive() ? "did not connect in time" : "ended at its start"));
                }
                selector.select(LOOK_MILLIS);
                selector.selectedKeys().clear();
            }
            return accepted;
        }
    }

    /** The other end of {@link #open}, in the child. */
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
        } finally {
            child.close();
        }
    }
}
