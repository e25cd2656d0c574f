// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.unix;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.processional.spi.Address;
import org.processional.spi.Listener;

/**
 * Accepts connections of the same user, or root.
 *
 * <p><b>Threads:</b> as {@link Listener} says.
 */
final class UnixListener extends SocketEnd implements Listener {
    private final Sockets sockets;
    private final ListeningSocket socket;
    private final SocketName name;
    private final @Nullable SocketFile file;
    private volatile @Nullable UnixWaitSet acceptWait; // made by the accepting thread, closed by any
    private int accepted; // accepting thread only

    /**
     * Takes over a listening socket.
     *
     * @param file its file; null for an abstract name
     */
    UnixListener(Sockets sockets, ListeningSocket socket, SocketName name, @Nullable SocketFile file) {
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
    public @Nullable UnixConnection accept(Duration wait) throws IOException {
        try {
            return acceptWithin(Waits.nanos(wait));
        } catch (IOException e) {
            if (isClosed() || e instanceof ClosedChannelException) {
                throw new IOException("the listener at " + name + " is closed", e);
            }
            throw new IOException("cannot accept at " + name + ": " + e.getMessage(), e);
        }
    }

    private @Nullable UnixConnection acceptWithin(long nanos) throws IOException {
        long start = System.nanoTime();
        while (true) {
            UnixConnection connection = acceptNow();
            if (connection != null || nanos == 0) {
                return connection;
            }
            long left = Waits.left(nanos, start);
            if (left == 0 || Thread.currentThread().isInterrupted()) {
                return null;
            }
            acceptWait().await(left);
        }
    }

    private @Nullable UnixConnection acceptNow() throws IOException {
        while (true) {
            StreamSocket stream = socket.accept();
            if (stream == null) {
                return null;
            }
            UnixConnection connection = checked(stream);
            if (connection != null) {
                return connection;
            }
        }
    }

    /** The connection, or null if its user is not allowed here; the stream is closed then. */
    private @Nullable UnixConnection checked(StreamSocket stream) throws IOException {
        boolean taken = false;
        try {
            PeerUser user = stream.peer();
            if (!user.isAllowed()) {
                return null;
            }
            accepted++;
            String process = user.pid() == 0 ? "" : ", process " + user.pid();
            UnixConnection connection =
                    new UnixConnection(sockets, stream, "client " + accepted + " of " + name + process);
            taken = true;
            return connection;
        } finally {
            if (!taken) {
                stream.close();
            }
        }
    }

    private UnixWaitSet acceptWait() throws IOException {
        UnixWaitSet wait = acceptWait;
        if (wait == null) {
            wait = new UnixWaitSet(sockets);
            acceptWait = wait;
            try {
                wait.add(this);
            } catch (IOException e) {
                wait.close();
                throw e;
            }
        }
        return wait;
    }

    @Override
    public void close() {
        if (!markClosed()) {
            return;
        }
        if (file != null) {
            file.remove(); // before the socket is closed: until then nobody takes the path for a dead one's
        }
        socket.close();
        leaveWaitSets();
        Waits.close(acceptWait);
    }

    @Override
    SelectableChannel channel() {
        return socket.channel();
    }

    @Override
    int interest() {
        return SelectionKey.OP_ACCEPT;
    }

    @Override
    Sockets sockets() {
        return sockets;
    }

    @Override
    public String toString() {
        return "listener at " + name;
    }
}
