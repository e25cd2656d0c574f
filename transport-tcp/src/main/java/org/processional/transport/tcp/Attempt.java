// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.tcp;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import org.jspecify.annotations.Nullable;
import org.processional.spi.channel.JdkSocket;

/**
 * One try to connect: a channel, or why there is none yet.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param channel connected and non-blocking; null if nobody listens
 * @param failure why; null if there is a channel
 */
record Attempt(@Nullable SocketChannel channel, @Nullable IOException failure) {
    /** What an answer over a network may take, also for somebody who wants to try just once. */
    private static final long SHORTEST_NANOS = 500_000_000;

    private static final long LONGEST_NANOS = 5_000_000_000L; // then a fresh try, since the first packet may be lost

    /**
     * Tries once.
     *
     * @param nanos how long to wait for an answer of the host; at least half a second is given
     * @throws IOException if waiting for a listener will not help
     */
    static Attempt connect(InetSocketAddress remote, long nanos) throws IOException {
        SocketChannel channel = SocketChannel.open();
        boolean connected = false;
        try {
            channel.configureBlocking(false);
            connected = channel.connect(remote) || await(channel, Math.max(SHORTEST_NANOS, nanos));
            if (connected && channel.getLocalAddress().equals(remote)) {
                connected = false; // two ends of one socket: the system gave it the very port that it asked for
            }
        } catch (SocketException e) { // refused, no route, or no address of this host's for it: perhaps not yet
            return new Attempt(null, e);
        } catch (UnsupportedAddressTypeException e) {
            return new Attempt(null, TcpAddress.noIpv6(remote, e));
        } finally {
            if (!connected) {
                JdkSocket.close(channel);
            }
        }
        return connected ? new Attempt(channel, null) : new Attempt(null, new ConnectException("no answer"));
    }

    private static boolean await(SocketChannel channel, long nanos) throws IOException {
        long limit = Math.min(nanos, LONGEST_NANOS);
        long start = System.nanoTime();
        try (Selector selector = Selector.open()) {
            channel.register(selector, SelectionKey.OP_CONNECT);
            while (true) {
                long left = limit - (System.nanoTime() - start);
                if (left <= 0) {
                    return false;
                }
                selector.select(left / 1_000_000 + 1);
                if (Thread.currentThread().isInterrupted()) {
                    throw new ClosedByInterruptException();
                }
                if (channel.finishConnect()) {
                    return true;
                }
            }
        }
    }
}
