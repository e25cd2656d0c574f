// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.unix;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.processional.spi.Address;
import org.processional.spi.PollableTransport;
import org.processional.spi.channel.ChannelConnection;
import org.processional.spi.channel.ChannelWaitSet;
import org.processional.spi.channel.FrameFormat;
import org.processional.spi.channel.Waits;

/**
 * Sockets of the Unix domain: addresses {@code unix:/path} and, on Linux, {@code unix:@name}.
 *
 * <p>A path is made absolute; its directory must exist. The socket's file has the permissions 0600, and at both ends
 * only the same user or root is accepted, which is what protects abstract names: they have no permissions. The option
 * {@code ?provider=jnr} uses jnr-unixsocket for a path too; abstract names always do.
 *
 * <p><b>Threads:</b> all methods from any thread.
 */
public final class UnixTransport implements PollableTransport {
    private static final String SCHEME = "unix";
    private static final int PRIORITY = 100;
    private static final long FIRST_STEP_NANOS = 200_000;
    private static final long LAST_STEP_NANOS = 2_000_000;

    /** Opens nothing. */
    public UnixTransport() {}

    @Override
    public String scheme() {
        return SCHEME;
    }

    @Override
    public int priority() {
        return PRIORITY;
    }

    @Override
    public OptionalInt maxFrameBytes() {
        return OptionalInt.of(FrameFormat.MAX_FRAME_BYTES);
    }

    @Override
    public Address freshAddress() throws IOException {
        return new Address(SCHEME, PrivateDirectory.freshPath().toString(), Map.of());
    }

    @Override
    public Address freshAddressLike(Address other) throws IOException {
        Map<String, String> query = SocketName.of(other).jnr() ? Map.of("provider", "jnr") : Map.of();
        return new Address(SCHEME, PrivateDirectory.freshPath().toString(), query);
    }

    @Override
    public UnixListener listen(Address address) throws IOException {
        SocketName name = SocketName.of(address);
        Sockets sockets = sockets(name);
        boolean interrupted = Thread.interrupted(); // files, too, are closed by it
        try {
            Path path = name.path();
            if (path == null) {
                return new UnixListener(sockets, listenAbstract(sockets, name), name, null);
            }
            SocketFile.Bound bound = SocketFile.bind(sockets, name, path);
            return new UnixListener(sockets, bound.socket(), name, bound.file());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public ChannelConnection connect(Address address, Duration wait) throws IOException {
        SocketName name = SocketName.of(address);
        Sockets sockets = sockets(name);
        UnixSocket socket = await(sockets, name, wait);
        boolean done = false;
        try {
            PeerUser user = socket.peer();
            if (!user.isAllowed()) {
                throw new IOException("the process that listens at " + name + " belongs to user " + user.name()
                        + ", and only your own or root's are trusted; choose another address");
            }
            String process = user.pid() == 0 ? "" : ", process " + user.pid();
            ChannelConnection connection = new ChannelConnection(sockets, socket, name + process);
            done = true;
            return connection;
        } finally {
            if (!done) {
                socket.close();
            }
        }
    }

    @Override
    public ChannelWaitSet openWaitSet() throws IOException {
        return new ChannelWaitSet(JdkSockets.INSTANCE);
    }

    private static Sockets sockets(SocketName name) throws IOException {
        return name.jnr() ? JnrLoader.sockets(name) : JdkSockets.INSTANCE;
    }

    private static ListeningSocket listenAbstract(Sockets sockets, SocketName name) throws IOException {
        try {
            return sockets.listen(name);
        } catch (BindException e) {
            throw new IOException(
                    "address in use: somebody listens at " + name + "; stop it or choose another address", e);
        } catch (IOException e) {
            throw new IOException("cannot listen at " + name + ": " + e.getMessage(), e);
        }
    }

    private static UnixSocket await(Sockets sockets, SocketName name, Duration wait) throws IOException {
        long nanos = Waits.nanos(wait);
        long start = System.nanoTime();
        long step = FIRST_STEP_NANOS;
        while (true) {
            UnixSocket socket = attempt(sockets, name);
            if (socket != null) {
                return socket;
            }
            long left = Waits.left(nanos, start);
            if (left == 0) {
                throw nobody(name, wait);
            }
            LockSupport.parkNanos(Math.min(step, left));
            if (Thread.currentThread().isInterrupted()) {
                throw new ClosedByInterruptException();
            }
            step = Math.min(step * 2, LAST_STEP_NANOS);
        }
    }

    private static @Nullable UnixSocket attempt(Sockets sockets, SocketName name) throws IOException {
        try {
            return sockets.connect(name);
        } catch (IOException e) {
            throw new IOException(
                    "cannot connect to " + name + ": " + e.getMessage()
                            + "; is it a socket of Processional, and may you write to it?",
                    e);
        }
    }

    private static ConnectException nobody(SocketName name, Duration wait) {
        Path path = name.path();
        String found = path != null && Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                ? "nobody accepts connections at " + name + ", though the file is there: it is left of a dead process,"
                        + " or its listener is overloaded"
                : "nobody listens at " + name;
        return new ConnectException(
                found + "; waited " + wait.toMillis() + " ms; start the listener first, or give it more time");
    }
}
