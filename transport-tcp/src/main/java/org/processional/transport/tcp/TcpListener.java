// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.tcp;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;
import org.processional.spi.Address;
import org.processional.spi.channel.ChannelConnection;
import org.processional.spi.channel.ChannelKind;
import org.processional.spi.channel.ChannelListener;
import org.processional.spi.channel.JdkSocket;
import org.processional.spi.channel.StreamSocket;

/**
 * Accepts whoever reaches the port.
 *
 * <p><b>Threads:</b> as {@link org.processional.spi.Listener} says.
 */
final class TcpListener extends ChannelListener {
    private final ServerSocketChannel channel;
    private final Address address;
    private final @Nullable Tls tls;
    private int accepted; // accepting thread only

    /**
     * Takes over a channel.
     *
     * @param address with the port that it got
     * @param tls null for plain text
     */
    TcpListener(ServerSocketChannel channel, Address address, @Nullable Tls tls) {
        super(ChannelKind.JDK, channel);
        this.channel = channel;
        this.address = address;
        this.tls = tls;
    }

    @Override
    public Address address() {
        return address;
    }

    @Override
    protected @Nullable ChannelConnection acceptNow() throws IOException {
        while (true) {
            SocketChannel next = channel.accept();
            if (next == null) {
                return null;
            }
            ChannelConnection connection = connection(next);
            if (connection != null) {
                return connection;
            }
        }
    }

    /** The connection, or null if the peer is gone already. */
    private @Nullable ChannelConnection connection(SocketChannel next) {
        boolean done = false;
        try {
            next.configureBlocking(false);
            StreamSocket socket = new TcpSocket(next, tls != null);
            String peer = "client " + ++accepted + " of tcp:" + address.target() + " from " + next.getRemoteAddress();
            if (tls != null) {
                socket = tls.server(socket);
            }
            ChannelConnection connection = new ChannelConnection(ChannelKind.JDK, socket, peer);
            done = true;
            return connection;
        } catch (IOException e) {
            return null; // reset since; the next one must not suffer for it
        } finally {
            if (!done) {
                JdkSocket.close(next);
            }
        }
    }

    @Override
    protected void closeChannel() {
        JdkSocket.close(channel);
    }

    @Override
    protected String where() {
        return "tcp:" + address.target();
    }
}
