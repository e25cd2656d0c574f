// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
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
 * A child JVM and a Unix socket to it. The file of the socket is gone as soon as the child has connected.
 *
 * <p><b>Threads:</b> one thread uses it.
 */
final class ChildSocket implements AutoCloseable {
    private static final long CONNECT_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final int LOOK_MILLIS = 100;

    private final ChildJvm child;
    private final PolledSocket socket;

    private ChildSocket(ChildJvm child, PolledSocket socket) {
        this.child = child;
        this.socket = socket;
    }

    /**
     * Starts a child, which finds the path of the socket as its argument, and waits until it has connected.
     *
     * @param main its main class
     * @param pollNanos how long this end polls before it sleeps
     * @throws IOException if the child ends or does not connect within 20 s
     */
    static ChildSocket open(Class<?> main, long pollNanos) throws IOException {
        Path directory = Files.createTempDirectory("processional-bench-");
        Path file = directory.resolve("socket");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(file));
            ChildJvm child = ChildJvm.start(main, file.toString());
            try {
                return new ChildSocket(child, new PolledSocket(accept(server, child), pollNanos));
            } catch (IOException | RuntimeException e) {
                child.close();
                throw e;
            }
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(directory);
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
    static PolledSocket connect(String file, long pollNanos) throws IOException {
        return new PolledSocket(SocketChannel.open(UnixDomainSocketAddress.of(file)), pollNanos);
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
