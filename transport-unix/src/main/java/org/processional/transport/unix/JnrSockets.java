// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.unix;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.Library;
import com.kenai.jffi.Type;
import java.io.File;
import java.io.IOException;
import java.net.BindException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.Selector;
import java.util.concurrent.locks.ReentrantLock;
import jnr.constants.platform.Errno;
import jnr.enxio.channels.Native;
import jnr.enxio.channels.NativeSelectorProvider;
import jnr.unixsocket.Credentials;
import jnr.unixsocket.UnixServerSocketChannel;
import jnr.unixsocket.UnixSocketAddress;
import jnr.unixsocket.UnixSocketChannel;
import jnr.unixsocket.UnixSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of jnr-unixsocket, for abstract names and for whoever asks for them.
 *
 * <p>Four of its methods are passed over. Its {@code accept} closes the listener when the thread is interrupted, its
 * {@code read} and {@code write} copy through a new array each time; here the system's functions are called instead.
 * Its {@code close} frees the descriptor while others use it, and they would then use somebody else's; here it waits
 * for them, which takes microseconds because nothing blocks. Its selector is used as it is: an interrupt leaves a byte
 * in its pipe, each wait takes out one, and who interrupts blocks when there are 65,536.
 *
 * <p><b>Threads:</b> all methods from any thread. In each socket: {@code reading} before {@code writing}.
 */
final class JnrSockets implements Sockets {
    private final CallContext acceptCall = CallContext.getCallContext(
            Type.SINT32, new Type[] {Type.SINT32, Type.POINTER, Type.POINTER}, CallingConvention.DEFAULT, true);
    private final long acceptAddress = Library.getDefault().getSymbolAddress("accept");

    private JnrSockets() {
        if (acceptAddress == 0) {
            throw new UnsatisfiedLinkError("the system has no function accept");
        }
    }

    /** Loads what all methods need, so that what is missing shows here. */
    static Sockets open() throws IOException {
        NativeSelectorProvider.getInstance();
        close(UnixSocketChannel.open());
        return new JnrSockets();
    }

    @Override
    public String provider() {
        return "jnr";
    }

    @Override
    public Selector openSelector() throws IOException {
        return NativeSelectorProvider.getInstance().openSelector();
    }

    @Override
    public ListeningSocket listen(SocketName name) throws IOException {
        UnixServerSocketChannel channel = UnixServerSocketChannel.open();
        boolean done = false;
        try {
            channel.configureBlocking(false);
            channel.socket().bind(address(name), JdkSockets.BACKLOG);
            done = true;
            return new Listening(channel);
        } catch (IOException e) {
            if (!hasText(e, Errno.EADDRINUSE)) {
                throw e;
            }
            throw (IOException) new BindException(e.getMessage()).initCause(e);
        } finally {
            if (!done) {
                close(channel);
            }
        }
    }

    @Override
    public @Nullable UnixSocket connect(SocketName name) throws IOException {
        if (name.path() != null && !new File(name.name()).exists()) {
            return null;
        }
        UnixSocketChannel channel = UnixSocketChannel.open();
        boolean connected = false;
        try {
            channel.configureBlocking(false);
            connected = channel.connect(address(name)); // false: the backlog is full
        } catch (IOException e) {
            if (!isRefused(e) && !hasText(e, Errno.ENOENT)) {
                throw e;
            }
        } finally {
            if (!connected) {
                close(channel);
            }
        }
        return connected ? new Stream(channel) : null;
    }

    @Override
    public boolean isLive(SocketName name) throws IOException {
        UnixSocketChannel channel = UnixSocketChannel.open();
        try {
            channel.configureBlocking(false);
            channel.connect(address(name));
            return true; // also where the backlog is full
        } catch (IOException e) {
            if (isRefused(e)) {
                return false;
            }
            throw e;
        } finally {
            close(channel);
        }
    }

    private static UnixSocketAddress address(SocketName name) {
        return new UnixSocketAddress(name.path() == null ? "\0" + name.name() : name.name());
    }

    private static boolean isRefused(IOException e) {
        return hasText(e, Errno.ECONNREFUSED);
    }

    /** jnr reports a failed bind or connect by the text of the error alone. */
    private static boolean hasText(IOException e, Errno error) {
        return error.toString().equals(e.getMessage());
    }

    private static void close(SelectableChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // the descriptor is gone all the same, and what was written has been delivered when it was written
        }
    }

    /** Whether the last call failed because it would have had to wait. */
    private static boolean wouldBlock(Errno error) {
        return error == Errno.EAGAIN || error == Errno.EWOULDBLOCK;
    }

    private static IOException failure(String call, Errno error) {
        return new IOException(call + ": " + error);
    }

    private final class Listening implements ListeningSocket {
        private final UnixServerSocketChannel channel;
        private final ReentrantLock accepting = new ReentrantLock();

        Listening(UnixServerSocketChannel channel) {
            this.channel = channel;
        }

        @Override
        public SelectableChannel channel() {
            return channel;
        }

        @Override
        public @Nullable UnixSocket accept() throws IOException {
            int descriptor = acceptDescriptor();
            if (descriptor < 0) {
                return null;
            }
            UnixSocketChannel accepted = UnixSocketChannel.fromFD(descriptor);
            accepted.configureBlocking(false);
            return new Stream(accepted);
        }

        private int acceptDescriptor() throws IOException {
            accepting.lock();
            try {
                if (!channel.isOpen()) {
                    throw new ClosedChannelException();
                }
                while (true) {
                    long result = Invoker.getInstance().invokeN3(acceptCall, acceptAddress, channel.getFD(), 0, 0);
                    if ((int) result >= 0) {
                        return (int) result;
                    }
                    Errno error = Native.getLastError();
                    if (wouldBlock(error) || error == Errno.ECONNABORTED) {
                        return -1;
                    }
                    if (error != Errno.EINTR) {
                        throw failure("accept", error);
                    }
                }
            } finally {
                accepting.unlock();
            }
        }

        @Override
        public void close() {
            accepting.lock();
            try {
                JnrSockets.close(channel);
            } finally {
                accepting.unlock();
            }
        }
    }

    private static final class Stream implements UnixSocket {
        private final UnixSocketChannel channel;
        private final ReentrantLock reading = new ReentrantLock();
        private final ReentrantLock writing = new ReentrantLock();

        Stream(UnixSocketChannel channel) {
            this.channel = channel;
        }

        @Override
        public SelectableChannel channel() {
            return channel;
        }

        @Override
        public int read(ByteBuffer into) throws IOException {
            reading.lock();
            try {
                requireOpen();
                int count = Native.read(channel.getFD(), into);
                if (count > 0) {
                    return count;
                }
                return count == 0 ? -1 : failedRead(Native.getLastError());
            } finally {
                reading.unlock();
            }
        }

        private static int failedRead(Errno error) throws IOException {
            if (wouldBlock(error)) {
                return 0;
            }
            if (error == Errno.ECONNRESET || error == Errno.EPIPE) {
                return -1; // the peer went without reading everything; what it had sent came before this
            }
            throw failure("read", error);
        }

        @Override
        public int write(ByteBuffer from) throws IOException {
            writing.lock();
            try {
                requireOpen();
                int count = Native.write(channel.getFD(), from);
                if (count >= 0) {
                    return count;
                }
                Errno error = Native.getLastError();
                if (wouldBlock(error)) {
                    return 0;
                }
                throw failure("write", error);
            } finally {
                writing.unlock();
            }
        }

        private void requireOpen() throws ClosedChannelException {
            if (!channel.isOpen()) {
                throw new ClosedChannelException();
            }
        }

        @Override
        public PeerUser peer() throws IOException {
            Credentials user = channel.getOption(UnixSocketOptions.SO_PEERCRED);
            int uid = user.getUid();
            return new PeerUser(Integer.toString(uid), uid == OwnUser.uid(), uid == 0, user.getPid());
        }

        @Override
        public void close() {
            reading.lock();
            writing.lock();
            try {
                JnrSockets.close(channel);
            } finally {
                writing.unlock();
                reading.unlock();
            }
        }
    }
}
