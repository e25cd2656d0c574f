// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.unix;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.processional.spi.Address;
import org.processional.spi.Listener;
import org.processional.spi.channel.ChannelConnection;
import org.processional.spi.channel.ChannelListener;

/**
 * Accepts connections of the same user, or root.
 *
 * <p><b>Threads:</b> as {@link Listener} says.
 */
final class UnixListener extends ChannelListener {
    private final Sockets sockets;
    private final ListeningSocket socket;
    private final SocketName name;
    private final @Nullable SocketFile file;
    private int accepted; // accepting thread only

    /**
     * Takes over a listening socket.
     *
     * @param file its file; null for an abstract name
     */
    UnixListener(Sockets sockets, ListeningSocket socket, SocketName name, @Nullable SocketFile file) {
        super(sockets, socket.channel());
        this.sockets = sockets;
        this.socket = socket;
        this.name = name;
        this.file = file;
    }

    @Override
    public Address address() {
        return name.address();
    }

    @Override
    protected @Nullable ChannelConnection acceptNow() throws IOException {
        while (true) {
            UnixSocket stream = socket.accept();
            if (stream == null) {
                return null;
            }
            ChannelConnection connection = checked(stream);
            if (connection != null) {
                return connection;
            }
        }
    }

    /** The connection, or null if its user is not allowed here; the stream is closed then. */
    private @Nullable ChannelConnection checked(UnixSocket stream) throws IOException {
        boolean taken = false;
        try {
            PeerUser user = stream.peer();
            if (!user.isAllowed()) {
                return null;
            }
            accepted++;
            String process = user.pid() == 0 ? "" : ", process " + user.pid();
            ChannelConnection connection =
                    new ChannelConnection(sockets, stream, "client " + accepted + " of " + name + process);
            taken = true;
            return connection;
        } finally {
            if (!taken) {
                stream.close();
            }
        }
    }

    @Override
    protected void closeChannel() {
        if (file != null) {
            file.remove(); // before the socket is closed: until then nobody takes the path for a dead one's
        }
        socket.close();
    }

    @Override
    protected String where() {
        return name.toString();
    }

    Sockets sockets() {
        return sockets;
    }
}
