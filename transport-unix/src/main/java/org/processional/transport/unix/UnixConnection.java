// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.unix;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.processional.spi.FrameHandler;
import org.processional.spi.PollableConnection;

/**
 * Frames over one socket.
 *
 * <p><b>Threads:</b> as {@link PollableConnection} says. The reader's state is in {@link FrameReader} and {@code
 * readWait}, the writer's in {@link FrameWriter} and {@code writeWait}; nothing is shared but the socket.
 */
final class UnixConnection extends SocketEnd implements PollableConnection {
    private final Sockets sockets;
    private final StreamSocket socket;
    private final String peer;
    private final FrameReader reader;
    private final FrameWriter writer;
    private volatile @Nullable UnixWaitSet readWait; // made by the reading thread, closed by any
    private volatile @Nullable UnixWaitSet writeWait; // made by the writing thread, closed by any

    UnixConnection(Sockets sockets, StreamSocket socket, String peer) {
        this.sockets = sockets;
        this.socket = socket;
        this.peer = peer;
        reader = new FrameReader(socket, peer);
        writer = new FrameWriter(socket);
    }

    @Override
    public boolean offer(ByteBuffer frame) throws IOException {
        requireOpen();
        try {
            return writer.offer(frame);
        } catch (IOException e) {
            throw failed("send to", e);
        }
    }

    @Override
    public boolean flushNow() throws IOException {
        requireOpen();
        try {
            return writer.flush();
        } catch (IOException e) {
            throw failed("send to", e);
        }
    }

    @Override
    public int poll(FrameHandler handler) throws IOException {
        try {
            return reader.poll(handler);
        } catch (EOFException e) {
            throw e;
        } catch (FrameReader.MalformedStreamException e) {
            close();
            throw e;
        } catch (IOException e) {
            throw failed("receive from", e);
        }
    }

    @Override
    public void send(ByteBuffer frame) throws IOException {
        if (offer(frame)) {
            return;
        }
        boolean interrupted = Thread.interrupted();
        try {
            do {
                interrupted |= awaitRoom();
            } while (!offer(frame));
        } finally {
            restore(interrupted);
        }
    }

    @Override
    public void flush() throws IOException {
        if (flushNow()) {
            return;
        }
        boolean interrupted = Thread.interrupted();
        try {
            do {
                interrupted |= awaitRoom();
            } while (!flushNow());
        } finally {
            restore(interrupted);
        }
    }

    @Override
    public int receive(FrameHandler handler, Duration wait) throws IOException {
        int frames = poll(handler);
        if (frames > 0 || wait.isZero() || wait.isNegative()) {
            return frames;
        }
        long nanos = Waits.nanos(wait);
        long start = System.nanoTime();
        while (frames == 0 && !Thread.currentThread().isInterrupted()) {
            long left = Waits.left(nanos, start);
            if (left == 0) {
                break;
            }
            awaitFrames(left);
            frames = poll(handler);
        }
        return frames;
    }

    @Override
    public int maxFrameBytes() {
        return FrameFormat.MAX_FRAME_BYTES;
    }

    @Override
    public String peer() {
        return peer;
    }

    @Override
    public void close() {
        if (!markClosed()) {
            return;
        }
        socket.close();
        leaveWaitSets();
        closeWaits();
    }

    private void closeWaits() {
        Waits.close(readWait);
        Waits.close(writeWait);
    }

    @Override
    SelectableChannel channel() {
        return socket.channel();
    }

    @Override
    int interest() {
        return SelectionKey.OP_READ;
    }

    @Override
    Sockets sockets() {
        return sockets;
    }

    @Override
    public String toString() {
        return "connection with " + peer;
    }

    /** Waits for room to write; true if the wait was interrupted, which is no reason to give up. */
    private boolean awaitRoom() throws IOException {
        try {
            UnixWaitSet wait = writeWait;
            if (wait == null) {
                wait = new UnixWaitSet(sockets);
                writeWait = wait;
                wait.addEnd(this, SelectionKey.OP_WRITE);
            }
            wait.await(Long.MAX_VALUE);
        } catch (IOException e) {
            throw failedWait("send to", e);
        }
        return Thread.interrupted();
    }

    private void awaitFrames(long nanos) throws IOException {
        try {
            UnixWaitSet wait = readWait;
            if (wait == null) {
                wait = new UnixWaitSet(sockets);
                readWait = wait;
                wait.addEnd(this, SelectionKey.OP_READ);
            }
            wait.await(nanos);
        } catch (IOException e) {
            throw failedWait("receive from", e);
        }
    }

    /** The socket would tell only who writes to it, not who gathers a small frame or has nothing to flush. */
    private void requireOpen() throws IOException {
        if (isClosed()) {
            throw failed("send to", new ClosedChannelException());
        }
    }

    private IOException failedWait(String verb, IOException cause) {
        if (isClosed()) {
            closeWaits(); // a set that was made after close() had looked for it
        }
        return failed(verb, cause);
    }

    private IOException failed(String verb, IOException cause) {
        if (isClosed() || cause instanceof ClosedChannelException) {
            return new IOException("cannot " + verb + " " + peer + ": the connection was closed here", cause);
        }
        return new IOException("cannot " + verb + " " + peer + ": " + cause.getMessage(), cause);
    }

    private static void restore(boolean interrupted) {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
