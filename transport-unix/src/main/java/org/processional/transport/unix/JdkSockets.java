// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.unix;

import java.io.File;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectableChannel;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.attribute.UserPrincipal;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;
import org.processional.spi.channel.JdkSocket;

/**
 * The channels of the JDK, for paths.
 *
 * <p><b>Threads:</b> all methods from any thread; the channels guard themselves.
 */
final class JdkSockets implements Sockets {
    static final JdkSockets INSTANCE = new JdkSockets();

    /** Connections that may wait to be accepted; the system cuts it down to its own limit. */
    static final int BACKLOG = 1024;

    private JdkSockets() {}

    @Override
    public String provider() {
        return "jdk";
    }

    @Override
    public Selector openSelector() throws IOException {
        return Selector.open();
    }

    @Override
    public ListeningSocket listen(SocketName name) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        boolean done = false;
        try {
            channel.configureBlocking(false);
            channel.bind(UnixDomainSocketAddress.of(name.name()), BACKLOG);
            done = true;
            return new Listening(channel);
        } finally {
            if (!done) {
                JdkSocket.close(channel);
            }
        }
    }

    @Override
    public @Nullable UnixSocket connect(SocketName name) throws IOException {
        if (!new File(name.name()).exists()) {
            return null; // by far the cheapest way to learn it, while a slave starts
        }
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        boolean connected = false;
        try {
            channel.configureBlocking(false);
            connected = channel.connect(UnixDomainSocketAddress.of(name.name()));
        } catch (BindException e) {
            throw e; // no permission, though it is not about binding
        } catch (SocketException e) {
            return null; // refused, removed a moment ago, or the backlog is full
        } finally {
            if (!connected) {
                JdkSocket.close(channel);
            }
        }
        return connected ? new Stream(channel) : null;
    }

    @Override
    public boolean isLive(SocketName name) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.configureBlocking(false);
            channel.connect(UnixDomainSocketAddress.of(name.name()));
            return true;
        } catch (BindException e) {
            throw e; // no permission
        } catch (ConnectException e) {
            return false;
        } catch (SocketException e) {
            return new File(name.name()).exists(); // the backlog is full
        } finally {
            JdkSocket.close(channel);
        }
    }

    private static final class Listening implements ListeningSocket {
        private final ServerSocketChannel channel;

        Listening(ServerSocketChannel channel) {
            this.channel = channel;
        }

        @Override
        public SelectableChannel channel() {
            return channel;
        }

        @Override
        public @Nullable UnixSocket accept() throws IOException {
            SocketChannel accepted = channel.accept();
            if (accepted == null) {
                return null;
            }
            boolean done = false;
            try {
                accepted.configureBlocking(false);
                done = true;
                return new Stream(accepted);
            } finally {
                if (!done) {
                    JdkSocket.close(accepted);
                }
            }
        }

        @Override
        public void close() {
            JdkSocket.close(channel);
        }
    }

    private static final class Stream extends JdkSocket implements UnixSocket {
        Stream(SocketChannel channel) {
            super(channel);
        }

        @Override
        public PeerUser peer() throws IOException {
            UserPrincipal user =
                    channel().getOption(ExtendedSocketOptions.SO_PEERCRED).user();
            boolean same = user.equals(OwnUser.principal());
            return new PeerUser(user.getName(), same, !same && OwnUser.isRoot(user), 0);
        }
    }
}
