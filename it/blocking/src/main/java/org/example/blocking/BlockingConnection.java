// SPDX-License-Identifier: Apache-2.0
package org.example.blocking;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.processional.spi.FrameHandler;
import org.processional.spi.LimitableConnection;

/** A length of four bytes, then as many bytes, and so on. */
final class BlockingConnection implements LimitableConnection {
    /** How long a wait goes on before it looks at the interrupt flag. */
    static final int SLICE_MILLIS = 20;

    private static final int MAX_FRAME_BYTES = 64 << 20;
    private static final int DISCARD_BYTES = 64 << 10;
    private static final int DISCARD_ROUNDS = 16;

    private final Socket socket;
    private final InputStream in;
    private final DataOutputStream out; // sender only
    private final ByteBuffer head = ByteBuffer.allocate(Integer.BYTES); // receiver only, like what follows
    private ByteBuffer frame; // being read; null while its length is
    private int limit = MAX_FRAME_BYTES;
    private volatile boolean closed;

    BlockingConnection(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        in = socket.getInputStream();
        out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), 1 << 16));
    }

    @Override
    public void send(ByteBuffer frame) throws IOException {
        requireOpen();
        int length = frame.remaining();
        if (length > MAX_FRAME_BYTES) {
            throw new IllegalArgumentException("a frame of " + length + " bytes; at most " + MAX_FRAME_BYTES);
        }
        out.writeInt(length);
        byte[] chunk = new byte[Math.min(length, 1 << 16)];
        while (frame.hasRemaining()) {
            int part = Math.min(frame.remaining(), chunk.length);
            frame.get(chunk, 0, part);
            out.write(chunk, 0, part);
        }
    }

    @Override
    public void flush() throws IOException {
        requireOpen();
        out.flush();
    }

    @Override
    public int receive(FrameHandler handler, Duration wait) throws IOException {
        Deadline deadline = new Deadline(wait);
        do {
            requireOpen();
            socket.setSoTimeout(Math.min(SLICE_MILLIS, deadline.millis()));
            try {
                handler.frame(read(), true);
                return 1;
            } catch (SocketTimeoutException e) {
                // look at the clock and at the interrupt flag, which wakes nobody here
            }
        } while (!deadline.isOver() && !Thread.currentThread().isInterrupted());
        return 0;
    }

    /** Reads the next frame; what it has read of it when the time is up is kept for the next call. */
    private ByteBuffer read() throws IOException {
        if (frame == null) {
            fill(head);
            int length = head.getInt(0);
            if (length < 0 || length > limit) {
                throw new IOException("a frame of " + length + " bytes; at most " + limit);
            }
            head.clear();
            frame = ByteBuffer.allocate(length);
        }
        fill(frame);
        ByteBuffer whole = frame.flip();
        frame = null;
        return whole;
    }

    private void fill(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            int count = read(buffer);
            if (count < 0) {
                throw new EOFException("the peer has closed the connection");
            }
            buffer.position(buffer.position() + count);
        }
    }

    private int read(ByteBuffer buffer) throws IOException {
        try {
            return in.read(buffer.array(), buffer.arrayOffset() + buffer.position(), buffer.remaining());
        } catch (SocketException e) {
            requireOpen();
            return -1; // "connection reset": the peer is gone
        }
    }

    @Override
    public void limitIncoming(int bytes) {
        limit = bytes;
    }

    @Override
    public int maxFrameBytes() {
        return MAX_FRAME_BYTES;
    }

    @Override
    public String peer() {
        return "port " + socket.getPort();
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("the connection was closed here");
        }
    }

    @Override
    public void close() {
        closed = true;
        endOutput();
        closeQuietly(socket);
    }

    /** A socket that is closed with something unread resets the connection, and the peer loses what is on its way. */
    private void endOutput() {
        try {
            socket.shutdownOutput();
            socket.setSoTimeout(SLICE_MILLIS); // who receives in another thread may be faster
            byte[] unread = new byte[DISCARD_BYTES];
            for (int i = 0; i < DISCARD_ROUNDS && in.available() > 0; i++) {
                in.read(unread);
            }
        } catch (IOException e) {
            // closed or reset: then nothing can be lost any more
        }
    }

    static void closeQuietly(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // there is nothing left to be done
        }
    }
}
