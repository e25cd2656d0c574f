// SPDX-License-Identifier: Apache-2.0
package org.processional.tck.memory;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.processional.spi.FrameHandler;
import org.processional.spi.LimitableConnection;
import org.processional.spi.PollableConnection;

/**
 * One end of two {@link Pipe}s.
 *
 * <p><b>Threads:</b> as {@link PollableConnection} says. The sender owns {@code gathered}, the receiver {@code begun};
 * the pipes have locks of their own.
 */
final class MemoryConnection implements PollableConnection, LimitableConnection {
    /** The longest frame. */
    static final int MAX_FRAME_BYTES = 16 << 20;

    private final Pipe in;
    private final Pipe out;
    private final Weather weather;
    private final String peer;
    private final RandomGenerator sending; // sender only
    private final RandomGenerator receiving; // receiver only
    private final Deque<Pipe.Piece> gathered = new ArrayDeque<>(); // sender only: taken, but not flushed
    private int gatheredBytes; // sender only
    private boolean inFrame; // sender only: a frame was taken in part
    private final ByteArrayOutputStream begun =
            new ByteArrayOutputStream(); // receiver only: of a frame that is not whole
    private int longest = MAX_FRAME_BYTES; // receiver only: of the frames that are taken
    private volatile boolean closed; // set once, by who closes

    MemoryConnection(Pipe in, Pipe out, Weather weather, String peer, long salt) {
        this.in = in;
        this.out = out;
        this.weather = weather;
        this.peer = peer;
        this.sending = weather.random(2 * salt);
        this.receiving = weather.random(2 * salt + 1);
    }

    // ---- sending

    @Override
    public boolean offer(ByteBuffer frame) throws IOException {
        requireOpen();
        if (!inFrame && frame.remaining() > MAX_FRAME_BYTES) {
            throw new IllegalArgumentException("a frame of " + frame.remaining() + " bytes is longer than "
                    + MAX_FRAME_BYTES + "; send it in parts");
        }
        int room = out.room() - gatheredBytes;
        if (room <= 0 && !flushNow()) {
            return false;
        }
        room = out.room() - gatheredBytes;
        if (room <= 0 || happens(sending, weather.refused())) {
            return false;
        }
        int size = Math.min(room, frame.remaining());
        if (size > 1 && happens(sending, weather.split())) {
            size = 1 + sending.nextInt(size - 1);
        }
        byte[] bytes = new byte[size];
        frame.get(bytes); // a copy: the caller may use its buffer again at once
        inFrame = frame.hasRemaining();
        Pipe.Piece piece = new Pipe.Piece(bytes, !inFrame, weather.clock().nanos() + delay());
        gathered.add(piece);
        gatheredBytes += piece.cost();
        return !inFrame;
    }

    private long delay() {
        long longest = weather.delay().toNanos();
        return longest == 0 ? 0 : sending.nextLong(longest);
    }

    @Override
    public boolean flushNow() throws IOException {
        requireOpen();
        out.room(); // tells if the other end is gone
        while (!gathered.isEmpty()) {
            if (happens(sending, weather.refused())) {
                return false;
            }
            Pipe.Piece piece = gathered.remove();
            gatheredBytes -= piece.cost();
            out.put(piece);
        }
        return true;
    }

    @Override
    public void send(ByteBuffer frame) throws IOException {
        whole(() -> offer(frame));
    }

    @Override
    public void flush() throws IOException {
        whole(this::flushNow);
    }

    /** Something that is done at once, or in part until there is room. */
    private interface Attempt {
        boolean succeeds() throws IOException;
    }

    /** Repeats an attempt whenever there is room; an interrupt changes nothing. */
    private void whole(Attempt attempt) throws IOException {
        if (attempt.succeeds()) {
            return;
        }
        boolean interrupted = false;
        Bell bell = new Bell();
        out.watch(bell);
        try {
            while (!attempt.succeeds()) {
                try {
                    if (!out.isWritable() && flushNow()) {
                        weather.clock().await(bell, Long.MAX_VALUE);
                    }
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            out.unwatch(bell);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    // ---- receiving

    @Override
    public int poll(FrameHandler handler) throws IOException {
        requireOpen();
        int frames = 0;
        while (!happens(receiving, weather.held())) {
            Pipe.Piece piece = next(frames);
            if (piece == null) {
                break;
            }
            requireShort(begun.size() + piece.bytes.length);
            if (begun.size() == 0 && piece.last) {
                handOver(piece.bytes, handler);
                frames++;
                continue;
            }
            begun.writeBytes(piece.bytes);
            if (piece.last) {
                byte[] whole = begun.toByteArray();
                begun.reset();
                handOver(whole, handler);
                frames++;
            }
        }
        return frames;
    }

    /** What is longer breaks the connection before it is gathered. */
    private void requireShort(int bytes) throws IOException {
        if (bytes > longest) {
            close();
            throw new IOException(
                    peer + " sent " + bytes + " bytes of a frame, and " + longest + " is the most that is taken now");
        }
    }

    @Override
    public void limitIncoming(int bytes) {
        longest = bytes;
    }

    private Pipe.@Nullable Piece next(int frames) throws IOException {
        try {
            return in.take(weather.clock().nanos());
        } catch (EOFException e) {
            requireOpen();
            if (frames > 0) {
                return null; // those were handed over; the next look tells
            }
            throw e;
        }
    }

    private void handOver(byte[] frame, FrameHandler handler) {
        boolean owned = !happens(receiving, weather.held());
        handler.frame(ByteBuffer.wrap(frame), owned);
        if (!owned) {
            Arrays.fill(frame, (byte) 0xA5); // who kept what was not theirs finds out
        }
    }

    @Override
    public int receive(FrameHandler handler, Duration wait) throws IOException {
        int frames = poll(handler);
        if (frames > 0 || wait.isZero() || wait.isNegative()) {
            return frames;
        }
        Bell bell = new Bell();
        in.watch(bell);
        try {
            long deadline = weather.clock().nanos() + nanos(wait);
            while (true) {
                frames = poll(handler);
                long now = weather.clock().nanos();
                if (frames > 0 || deadline - now <= 0 || Thread.currentThread().isInterrupted()) {
                    return frames;
                }
                long readable = in.nanosToReadable(now);
                if (readable > 0) {
                    weather.clock().await(bell, Math.min(deadline - now, readable));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return poll(handler);
        } finally {
            in.unwatch(bell);
        }
    }

    /** A limit in nanoseconds, as far as they go: some hundred years. */
    static long nanos(Duration wait) {
        return wait.compareTo(Duration.ofDays(36_500)) > 0 ? Long.MAX_VALUE / 4 : wait.toNanos();
    }

    // ---- both

    private boolean happens(RandomGenerator random, int percent) {
        return percent > 0 && random.nextInt(100) < percent;
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("the connection with " + peer + " was closed here");
        }
    }

    Weather weather() {
        return weather;
    }

    void watch(Bell bell) {
        in.watch(bell);
        out.watch(bell);
    }

    void unwatch(Bell bell) {
        in.unwatch(bell);
        out.unwatch(bell);
    }

    boolean isClosed() {
        return closed;
    }

    /** How long until a look tells something. */
    long nanosToReadable(long now) {
        return closed ? 0 : in.nanosToReadable(now);
    }

    boolean isWritable() {
        return closed || out.isWritable();
    }

    @Override
    public int maxFrameBytes() {
        return MAX_FRAME_BYTES;
    }

    @Override
    public String peer() {
        return peer;
    }

    @Override
    public void close() {
        closed = true;
        out.end();
        in.abandon();
    }

    @Override
    public String toString() {
        return "connection with " + peer;
    }
}
