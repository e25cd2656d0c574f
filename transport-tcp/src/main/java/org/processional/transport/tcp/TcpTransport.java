// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.tcp;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.processional.spi.Address;
import org.processional.spi.NetworkTransport;
import org.processional.spi.PollableTransport;
import org.processional.spi.channel.ChannelConnection;
import org.processional.spi.channel.ChannelKind;
import org.processional.spi.channel.ChannelWaitSet;
import org.processional.spi.channel.FrameFormat;
import org.processional.spi.channel.JdkSocket;
import org.processional.spi.channel.StreamSocket;
import org.processional.spi.channel.Waits;

/**
 * Sockets of the network: addresses {@code tcp://host:port} and {@code tcp://[::1]:port}; a listener with port 0 gets a
 * free one.
 *
 * <p>Whoever reaches the host can connect, so the engine authenticates both ends by a shared secret. Hosts that are not
 * loopback need TLS ({@code ?tls=true}, see {@code docs/security.md}), unless {@code ?plaintext=allowed} names the risk.
 * An unknown option is refused.
 *
 * <p><b>Threads:</b> all methods from any thread.
 */
public final class TcpTransport implements PollableTransport, NetworkTransport {
    private static final int PRIORITY = 50; // below unix sockets, whose peers the system knows
    private static final int BACKLOG = 1024;
    private static final long FIRST_STEP_NANOS = 200_000;
    private static final long LAST_STEP_NANOS = 10_000_000;

    /** Opens nothing. */
    public TcpTransport() {}

    @Override
    public String scheme() {
        return TcpAddress.SCHEME;
    }

    @Override
    public int priority() {
        return PRIORITY;
    }

    @Override
    public OptionalInt maxFrameBytes() {
        return OptionalInt.of(FrameFormat.MAX_FRAME_BYTES);
    }

    /**
     * {@inheritDoc}
     *
     * <p>The port is one that was free a moment ago, at a loopback host drawn by lot: on Linux all of
     * {@code 127.0.0.0/8} is this host. Until the new process listens there, somebody else can take the port only by
     * listening at all hosts or at this very one of 16 million. If it happens, the process fails to start with "address
     * in use"; who is a stranger to the secret is never taken for it. Where only {@code 127.0.0.1} is configured, it is
     * taken, and the port is all that was drawn.
     */
    @Override
    public Address freshAddress() throws IOException {
        byte[] host = new byte[4];
        new SecureRandom().nextBytes(host);
        host[0] = 127;
        host[3] = (byte) (1 + (host[3] & 0x7f)); // neither a network nor a broadcast
        try {
            return freePort(InetAddress.getByAddress(host));
        } catch (BindException e) {
            return freePort(InetAddress.getLoopbackAddress());
        }
    }

    private static Address freePort(InetAddress host) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.bind(new InetSocketAddress(host, 0));
            return TcpAddress.of(host, ((InetSocketAddress) channel.getLocalAddress()).getPort());
        } finally {
            JdkSocket.close(channel);
        }
    }

    @Override
    public TcpListener listen(Address address) throws IOException {
        TcpAddress where = TcpAddress.of(address);
        InetSocketAddress local = where.resolve().get(0);
        Tls tls = Tls.of(where);
        ServerSocketChannel channel = ServerSocketChannel.open();
        boolean done = false;
        try {
            channel.configureBlocking(false);
            channel.bind(local, BACKLOG);
            int port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
            TcpListener listener = new TcpListener(channel, where.withPort(port), tls);
            done = true;
            return listener;
        } catch (UnsupportedAddressTypeException e) {
            throw TcpAddress.noIpv6(local, e);
        } catch (BindException e) {
            throw new IOException(
                    "cannot listen at " + where + ": " + e.getMessage() + "; stop who listens there, or choose another"
                            + " address: port 0 takes a free one",
                    e);
        } finally {
            if (!done) {
                JdkSocket.close(channel);
            }
        }
    }

    @Override
    public ChannelConnection connect(Address address, Duration wait) throws IOException {
        TcpAddress where = TcpAddress.of(address);
        if (where.port() == 0) {
            throw new IOException("nobody can connect to port 0, as in \"" + address
                    + "\"; take the address that the listener has, with the port that it got");
        }
        List<InetSocketAddress> remotes = where.resolve();
        Tls tls = Tls.of(where);
        SocketChannel channel = await(remotes, where, wait);
        boolean done = false;
        try {
            StreamSocket socket = new TcpSocket(channel, tls != null);
            if (tls != null) {
                socket = tls.client(socket, where);
            }
            ChannelConnection connection = new ChannelConnection(ChannelKind.JDK, socket, where.toString());
            done = true;
            return connection;
        } finally {
            if (!done) {
                JdkSocket.close(channel);
            }
        }
    }

    @Override
    public ChannelWaitSet openWaitSet() throws IOException {
        return new ChannelWaitSet(ChannelKind.JDK);
    }

    private static SocketChannel await(List<InetSocketAddress> remotes, TcpAddress where, Duration wait)
            throws IOException {
        long nanos = Waits.nanos(wait);
        long start = System.nanoTime();
        long step = FIRST_STEP_NANOS;
        while (true) {
            IOException reason = null;
            for (InetSocketAddress remote : remotes) {
                Attempt attempt = Attempt.connect(remote, Waits.left(nanos, start));
                if (attempt.channel() != null) {
                    return attempt.channel();
                }
                reason = attempt.failure();
            }
            long left = Waits.left(nanos, start);
            if (left == 0) {
                throw nobody(where, wait, reason);
            }
            LockSupport.parkNanos(Math.min(step, left));
            if (Thread.currentThread().isInterrupted()) {
                throw new ClosedByInterruptException();
            }
            step = Math.min(step * 2, LAST_STEP_NANOS);
        }
    }

    private static ConnectException nobody(TcpAddress where, Duration wait, @Nullable IOException reason) {
        ConnectException nobody = new ConnectException("nobody answers at " + where + " ("
                + (reason == null ? "no answer" : reason.getMessage()) + "); waited " + wait.toMillis()
                + " ms; start the listener first, or give it more time");
        if (reason != null) {
            nobody.initCause(reason);
        }
        return nobody;
    }
}
