// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.tcp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.processional.spi.channel.StreamSocket;

/**
 * TLS between the frames and a socket.
 *
 * <p>Whoever reads or writes first drives the handshake, and whoever is called meanwhile goes on with it. What is
 * written before its end is kept, up to {@value #EARLY_BYTES} bytes, and sent by the one who ends it, be it a reader: so
 * who writes a greeting and then waits for the answer never waits to write.
 *
 * <p>The end of the socket counts as the end of the stream, with or without a farewell (close_notify): frames know their
 * length, so a cut one is noticed above.
 *
 * <p><b>Threads:</b> as {@link StreamSocket} says. {@code outLock} guards what is encrypted, and everything until the
 * handshake has ended; nothing blocks while it is held.
 */
final class TlsSocket implements StreamSocket {
    private static final int EARLY_BYTES = 16 << 10;
    private static final int NET_BYTES = 64 << 10;
    private static final long HANDSHAKE_NANOS = 30_000_000_000L;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final StreamSocket socket;
    private final SSLEngine engine;
    private final long startNanos = System.nanoTime();
    private final ReentrantLock outLock = new ReentrantLock();
    private final ByteBuffer early = ByteBuffer.allocate(EARLY_BYTES); // guarded by outLock, filled
    private final ByteBuffer netOut; // guarded by outLock; filled, its first byte is the next to send
    private final ByteBuffer netIn; // guarded by outLock during the handshake, then reading thread only; filled
    private final ByteBuffer plain; // the same; filled: decrypted, and not yet taken
    private boolean starved; // the same: netIn holds no whole record
    private boolean ended; // the same: nothing more will come
    private boolean begun; // guarded by outLock
    private @Nullable IOException failure; // guarded by outLock: why the handshake failed
    private volatile boolean established; // written under outLock

    TlsSocket(StreamSocket socket, SSLEngine engine) {
        this.socket = socket;
        this.engine = engine;
        int record = engine.getSession().getPacketBufferSize();
        netOut = ByteBuffer.allocateDirect(Math.max(2 * record, NET_BYTES));
        netIn = ByteBuffer.allocateDirect(Math.max(2 * record, NET_BYTES));
        plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
    }

    @Override
    public SelectableChannel channel() {
        return socket.channel();
    }

    @Override
    public boolean isHostLost() {
        return socket.isHostLost();
    }

    @Override
    public boolean isEstablished() {
        return established;
    }

    @Override
    public boolean holdsInput() {
        return established && (plain.position() > 0 || (netIn.position() > 0 && !starved && !ended));
    }

    // ---- the handshake

    /** Goes on with the handshake as far as that is possible without waiting; whether it has ended. */
    private boolean handshake() throws IOException {
        if (established) {
            return true;
        }
        outLock.lock();
        try {
            if (failure != null) {
                throw new IOException(failure.getMessage(), failure);
            }
            if (!established) {
                shakeHands();
            }
            return established;
        } catch (IOException e) {
            failure = failure == null ? e : failure;
            throw e;
        } finally {
            outLock.unlock();
        }
    }

    private void shakeHands() throws IOException {
        if (System.nanoTime() - startNanos > HANDSHAKE_NANOS) {
            throw new IOException("the TLS handshake has not ended within " + HANDSHAKE_NANOS / 1_000_000_000
                    + " s; does the other end speak TLS?");
        }
        try {
            if (!begun) {
                begun = true;
                engine.beginHandshake();
            }
            while (drain()) {
                HandshakeStatus status = engine.getHandshakeStatus();
                if (status == HandshakeStatus.NEED_TASK) {
                    runTasks();
                } else if (status == HandshakeStatus.NEED_WRAP) {
                    engine.wrap(NOTHING, netOut);
                } else if (status == HandshakeStatus.NEED_UNWRAP || status == HandshakeStatus.NEED_UNWRAP_AGAIN) {
                    if (unwrap(plain).getStatus() == Status.CLOSED) {
                        throw closedEarly();
                    }
                    if (starved && !fill()) {
                        if (ended) {
                            throw closedEarly();
                        }
                        return;
                    }
                } else {
                    established();
                    return;
                }
            }
        } catch (SSLException e) {
            throw refused(e);
        }
    }

    private void established() throws IOException {
        early.flip();
        while (early.hasRemaining()) {
            engine.wrap(early, netOut); // there is room: nothing else waits, and it is much larger
        }
        drain();
        established = true;
    }

    private static IOException closedEarly() {
        return new IOException("the other end closed the connection in the TLS handshake: it is ending, does not speak"
                + " TLS, or does not trust this side; its log tells more");
    }

    private IOException refused(SSLException e) {
        try { // tells the other end why, if it listens
            while (drain() && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                engine.wrap(NOTHING, netOut);
            }
        } catch (IOException ignored) {
            e.addSuppressed(ignored);
        }
        return failed(e);
    }

    private IOException failed(SSLException e) {
        String message = String.valueOf(e.getMessage()); // newer JDKs put the name of the alert before it
        if (message.contains("Received fatal alert")) {
            return new IOException(
                    "the other end refused the TLS connection (" + message
                            + "); does it trust the certificate of this side, and is that in date?",
                    e);
        }
        if (message.contains("nrecognized SSL message")) {
            return new IOException(
                    "the other end does not speak TLS; give both the same TLS options, as in"
                            + " tcp://host:port?tls=true&key-store=...",
                    e);
        }
        if (message.contains("Empty client certificate chain")) {
            return new IOException(
                    "the other end has no certificate that this side trusts; add its certificate, or that of its issuer,"
                            + " to the trusted ones here",
                    e);
        }
        Throwable reason = e;
        while (reason.getCause() != null) {
            reason = reason.getCause();
        }
        String why =
                reason == e || String.valueOf(reason.getMessage()).equals(message) ? "" : ": " + reason.getMessage();
        return new IOException("TLS failed: " + message + why + "; see docs/security.md for the keys it needs", e);
    }

    private void runTasks() {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    // ---- reading

    @Override
    public int read(ByteBuffer into) throws IOException {
        if (!handshake()) {
            return 0;
        }
        int start = into.position();
        take(into);
        if (plain.position() == 0 && (starved || netIn.position() == 0) && !ended) {
            fill(); // once, so that a peer that sends without end does not keep the reader here
        }
        while (into.hasRemaining() && plain.position() == 0 && netIn.position() > 0 && !starved && !ended) {
            decrypt(into);
        }
        int count = into.position() - start;
        return count == 0 && ended ? -1 : count;
    }

    private void decrypt(ByteBuffer into) throws IOException {
        try {
            boolean roomy = into.remaining() >= plain.capacity();
            SSLEngineResult result = unwrap(roomy ? into : plain);
            take(into);
            if (result.getStatus() == Status.CLOSED) {
                ended = true;
                starved = true;
            }
            HandshakeStatus status = result.getHandshakeStatus();
            if (status == HandshakeStatus.NEED_TASK) {
                runTasks();
                status = engine.getHandshakeStatus();
            }
            if (status == HandshakeStatus.NEED_WRAP) {
                answer();
            }
        } catch (SSLException e) {
            throw failed(e);
        }
    }

    /** Sends what the protocol owes the other end, new keys for example; what has no room goes with the next frame. */
    private void answer() throws SSLException {
        outLock.lock();
        try {
            while (drain() && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                if (engine.wrap(NOTHING, netOut).getStatus() == Status.CLOSED) {
                    drain();
                    return;
                }
            }
        } catch (SSLException e) {
            throw e;
        } catch (IOException e) {
            // the other end is gone: the next write tells, and what it sent before is read all the same
        } finally {
            outLock.unlock();
        }
    }

    private SSLEngineResult unwrap(ByteBuffer target) throws SSLException {
        netIn.flip();
        SSLEngineResult result;
        try {
            result = engine.unwrap(netIn, target);
        } finally {
            netIn.compact();
        }
        starved = result.getStatus() == Status.BUFFER_UNDERFLOW;
        return result;
    }

    private void take(ByteBuffer into) {
        if (plain.position() == 0) {
            return;
        }
        plain.flip();
        int limit = plain.limit();
        plain.limit(Math.min(limit, plain.position() + into.remaining()));
        into.put(plain);
        plain.limit(limit);
        plain.compact();
    }

    /** Reads once; whether there is more to decrypt now. */
    private boolean fill() throws IOException {
        int count = socket.read(netIn);
        if (count > 0) {
            starved = false;
        } else if (count < 0) {
            ended = true;
        }
        return count > 0;
    }

    // ---- writing

    @Override
    public int write(ByteBuffer from) throws IOException {
        outLock.lock();
        try {
            if (!handshake()) {
                return keep(from);
            }
            int start = from.position();
            while (from.hasRemaining() && makeRoom()) {
                if (engine.wrap(from, netOut).getStatus() == Status.CLOSED) {
                    throw new IOException("the other end has closed the connection");
                }
            }
            drain();
            return from.position() - start;
        } catch (SSLException e) {
            throw failed(e);
        } finally {
            outLock.unlock();
        }
    }

    private int keep(ByteBuffer from) {
        int count = Math.min(from.remaining(), early.remaining());
        int limit = from.limit();
        from.limit(from.position() + count);
        early.put(from);
        from.limit(limit);
        return count;
    }

    /** Whether one more record fits. */
    private boolean makeRoom() throws IOException {
        int record = engine.getSession().getPacketBufferSize();
        if (netOut.remaining() < record) {
            drain();
        }
        return netOut.remaining() >= record;
    }

    @Override
    public boolean flush() throws IOException {
        outLock.lock();
        try {
            return handshake() && drain();
        } finally {
            outLock.unlock();
        }
    }

    /** Hands what is encrypted to the system; whether nothing is left. */
    private boolean drain() throws IOException {
        if (netOut.position() == 0) {
            return true;
        }
        netOut.flip();
        try {
            socket.write(netOut);
        } finally {
            netOut.compact();
        }
        return netOut.position() == 0;
    }

    @Override
    public void close() {
        outLock.lock();
        try {
            if (established) { // a farewell, if it can go at once
                engine.closeOutbound();
                if (drain()) {
                    engine.wrap(NOTHING, netOut);
                    drain();
                }
            }
        } catch (IOException e) {
            // the other end will notice anyway
        } finally {
            outLock.unlock();
            socket.close();
        }
    }
}
