// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.processional.fuzz.Script;
import org.processional.spi.FrameHandler;
import org.processional.spi.LimitableConnection;
import org.processional.spi.PollableConnection;

/**
 * One end of a connection whose other end is an input: it receives the frames that are put into it, and hands each frame
 * that is sent, whole, to {@link #sent}.
 *
 * <p><b>Threads:</b> from any thread.
 */
class Sink implements PollableConnection, LimitableConnection {
    static final int MAX_FRAME_BYTES = 1 << 20;

    private final Deque<byte[]> incoming = new ArrayDeque<>(); // guarded by this
    private final Map<Long, Integer> answers = new HashMap<>(); // by ticket; guarded by this
    private boolean closed; // guarded by this
    private int longest = MAX_FRAME_BYTES; // guarded by this

    /** Will be received. */
    synchronized void put(byte[] frame) {
        incoming.add(frame);
    }

    /** A frame was sent; called by the thread that sends. */
    void sent(ByteBuffer frame) {
        int kind = frame.remaining() < Frames.HEADER_BYTES ? 0 : Frames.kind(frame);
        if (kind == Frames.RESULT || kind == Frames.FAILURE) {
            answered(Frames.ticket(frame));
        }
    }

    private synchronized void answered(long ticket) {
        answers.merge(ticket, 1, Integer::sum);
        notifyAll();
    }

    /** How often each ticket was answered, once there are so many answers, at most after a time. */
    synchronized Map<Long, Integer> answers(int count) throws InterruptedException {
        long deadline = System.nanoTime() + RequestsTarget.LONG.toNanos();
        while (answers.values().stream().mapToInt(Integer::intValue).sum() < count) {
            long rest = deadline - System.nanoTime();
            if (rest <= 0) {
                break;
            }
            wait(Math.max(1, rest / 1_000_000));
        }
        return Map.copyOf(answers);
    }

    @Override
    public boolean offer(ByteBuffer frame) throws IOException {
        synchronized (this) {
            if (closed) {
                throw new EOFException("closed");
            }
        }
        if (frame.remaining() > MAX_FRAME_BYTES) {
            throw new AssertionError("a frame of " + frame.remaining() + " bytes was sent");
        }
        byte[] copy = Script.bytes(frame);
        frame.position(frame.limit());
        sent(ByteBuffer.wrap(copy));
        return true;
    }

    @Override
    public boolean flushNow() {
        return true;
    }

    @Override
    public int poll(FrameHandler handler) throws IOException {
        byte[] frame;
        synchronized (this) {
            if (closed) {
                throw new EOFException("closed");
            }
            frame = incoming.poll();
            if (frame != null && frame.length > longest) {
                throw new IOException("a frame of " + frame.length + " bytes");
            }
        }
        if (frame == null) {
            return 0;
        }
        handler.frame(ByteBuffer.wrap(frame), true);
        return 1;
    }

    @Override
    public int receive(FrameHandler handler, Duration wait) throws IOException {
        int frames = poll(handler);
        if (frames == 0) {
            throw new EOFException("the input has ended");
        }
        return frames;
    }

    @Override
    public synchronized void limitIncoming(int bytes) {
        longest = bytes;
    }

    @Override
    public void send(ByteBuffer frame) throws IOException {
        offer(frame);
    }

    @Override
    public void flush() {}

    @Override
    public int maxFrameBytes() {
        return MAX_FRAME_BYTES;
    }

    @Override
    public String peer() {
        return "fuzz";
    }

    @Override
    public synchronized void close() {
        closed = true;
    }
}
