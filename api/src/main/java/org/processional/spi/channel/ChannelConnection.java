// SPDX-License-Identifier: Apache-2.0
package org.processional.spi.channel;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.processional.spi.FrameHandler;
import org.processional.spi.LimitableConnection;
import org.processional.spi.ObservableConnection;
import org.processional.spi.PollableConnection;

/**
 * Frames over one socket.
 *
 * <p><b>Threads:</b> as {@link PollableConnection} says. The reader's state is in {@link FrameReader} and {@code
 * readWait}, the writer's in {@link FrameWriter} and {@code writeWait}; nothing is shared but the socket.
 *
 * @since 0.1
 */
public final class ChannelConnection extends ChannelEnd
        implements PollableConnection, LimitableConnection, ObservableConnection {
    private static final long GREETING_STEP_NANOS = 2_000_000;

    private final StreamSocket socket;
    private final String peer;
    private final FrameReader reader;
    private final FrameWriter writer;
    private volatile @Nullable ChannelWaitSet readWait; // made by the reading thread, closed by any
    private volatile @Nullable ChannelWaitSet writeWait; // made by the writing thread, closed by any

    /**
     * Takes over a socket.
     *
     * @param kind what made its channel
     * @param peer who is at the other end, for messages
     */
    public ChannelConnection(ChannelKind kind, StreamSocket socket, String peer) {
        super(kind);
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
        long nanos = Waits.nanos(wait);
        long start = System.nanoTime();
        while (true) {
            boolean established = socket.isEstablished(); // before the poll, which then sees all that the socket holds
            int frames = poll(handler);
            if (frames > 0 || nanos == 0 || Thread.currentThread().isInterrupted()) {
                return frames;
            }
            long left = Waits.left(nanos, start);
            if (left == 0) {
                return 0;
            }
            awaitFrames(established ? left : Math.min(left, GREETING_STEP_NANOS));
        }
    }

    @Override
    public int maxFrameBytes() {
        return FrameFormat.MAX_FRAME_BYTES;
    }

    @Override
    public void limitIncoming(int bytes) {
        reader.limit(bytes);
    }

    @Override
    public long receivedBytes() {
        return reader.received();
    }

    @Override
    public long sentBytes() {
        return writer.sent();
    }

    @Override
    public boolean isHostLost() {
        return socket.isHostLost();
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

    /** From now on it is polled, and others wait for it: what it waited with itself goes. Called before that. */
    void isPolled() {
        ChannelWaitSet own = readWait;
        readWait = null;
        Waits.close(own);
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
    public String toString() {
        return "connection with " + peer;
    }

    /**
     * Waits for room to write; true if the wait was interrupted, which is no reason to give up. While the socket is not
     * established, another thread may take the peer's words that make room, so that the wait is a short one then.
     */
    private boolean awaitRoom() throws IOException {
        try {
            ChannelWaitSet wait = writeWait;
            if (wait == null) {
                wait = new ChannelWaitSet(kind());
                writeWait = wait;
                wait.addEnd(this, SelectionKey.OP_WRITE);
            }
            boolean established = socket.isEstablished();
            wait.interest(this, established ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
            wait.await(established ? Long.MAX_VALUE : GREETING_STEP_NANOS);
        } catch (IOException e) {
            throw failedWait("send to", e);
        }
        return Thread.interrupted();
    }

    private void awaitFrames(long nanos) throws IOException {
        try {
            ChannelWaitSet wait = readWait;
            if (wait == null) {
                wait = new ChannelWaitSet(kind());
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
