// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.processional.spi.PollableConnection;

/**
 * Writes frames of many threads to one connection, without a lock to queue on: who finds the connection free writes its
 * own frame, then those that others have left meanwhile, all in one system call. Frames that nobody waits for can be
 * held, to go out with those that follow.
 *
 * <p>Nobody waits here. What the connection has no room for stays in the backlog, and the writer is <em>stalled</em>
 * until somebody who waits for room calls {@link #resume()}. The order is that of the calls of each thread.
 *
 * <p><b>Threads:</b> from any thread. {@code busy} is the role of writing; its holder owns {@code rest} and the sending
 * side of the connection.
 */
final class CombiningWriter {
    /** What is held goes out when it is so much, */
    private static final int HELD_BYTES = 16 << 10;

    /** or so old when another frame comes. */
    private static final long HELD_NANOS = 100_000;

    private final PollableConnection connection;
    private final Consumer<ByteBuffer> counter; // numbers each frame; called by the holder of busy
    private final long heldNanos;
    private final AtomicBoolean busy = new AtomicBoolean();
    private final ConcurrentLinkedQueue<ByteBuffer> queue = new ConcurrentLinkedQueue<>();
    private final AtomicLong backlogBytes = new AtomicLong();
    private @Nullable ByteBuffer rest; // a frame that was begun; owner: holder of busy
    private volatile boolean stalled; // written by the holder of busy, read by any
    private volatile boolean holding; // the same: frames were offered and not flushed
    private volatile boolean flushWanted; // set by any, cleared by the holder of busy
    private int heldBytes; // owner: holder of busy
    private volatile long heldSince; // written by the holder of busy, read by any

    /** A writer of frames as they are. */
    CombiningWriter(PollableConnection connection) {
        this(connection, frame -> {});
    }

    /** A writer that has each frame numbered before it is offered. */
    CombiningWriter(PollableConnection connection, Consumer<ByteBuffer> counter) {
        this(connection, counter, HELD_NANOS);
    }

    /** A writer for which what is held is old after some nanoseconds. */
    CombiningWriter(PollableConnection connection, Consumer<ByteBuffer> counter, long heldNanos) {
        this.connection = connection;
        this.counter = counter;
        this.heldNanos = heldNanos;
    }

    /** Bytes that were sent but not yet taken by the connection. */
    long backlogBytes() {
        return backlogBytes.get();
    }

    /** Whether somebody must wait for room and call {@link #resume()}. */
    boolean isStalled() {
        return stalled;
    }

    /** Whether frames are held until {@link #flush}. */
    boolean isHolding() {
        return holding;
    }

    /** Whether all that was sent is on its way; false also while somebody writes. */
    boolean isEmpty() throws IOException {
        if (backlogBytes() > 0 || !busy.compareAndSet(false, true)) {
            return false;
        }
        boolean empty = !stalled && !holding && queue.isEmpty(); // whoever offered has flushed, or has left word of it
        busy.set(false);
        combine();
        return empty;
    }

    /**
     * Sends a frame.
     *
     * @param frame the frame, from position to limit
     * @param hold whether it can wait for others; who says so sees to a {@link #flush}
     * @return true if the buffer is free again, false if it belongs to the writer from now on
     * @throws IOException if the connection is broken
     */
    boolean send(ByteBuffer frame, boolean hold) throws IOException {
        if (queue.isEmpty() && !stalled && busy.compareAndSet(false, true)) {
            boolean taken;
            try {
                boolean next = queue.isEmpty() && rest == null;
                int bytes = frame.remaining();
                taken = next && begin(frame);
                if (taken && hold && holds(bytes)) {
                    holding = true;
                } else if (taken) {
                    stalled(!handOver());
                } else if (next) { // though others may have queued meanwhile: a part of it may be on its way
                    rest = frame;
                    backlogBytes.addAndGet(frame.remaining());
                    handOver(); // what the other end does not see makes no room
                    stalled(true);
                } else {
                    backlogBytes.addAndGet(frame.remaining());
                    queue.add(frame);
                }
            } finally {
                busy.set(false);
            }
            combine();
            return taken;
        }
        backlogBytes.addAndGet(frame.remaining());
        queue.add(frame);
        combine();
        return false;
    }

    /** Offers a frame for the first time. */
    private boolean begin(ByteBuffer frame) throws IOException {
        counter.accept(frame);
        return connection.offer(frame);
    }

    /** Sends what is held if nobody has added to it for a while. */
    void flushOld() throws IOException {
        if (holding && System.nanoTime() - heldSince > heldNanos) {
            flush();
        }
    }

    /** Whether a frame that was offered can wait for more. */
    private boolean holds(int bytes) {
        long now = System.nanoTime();
        if (!holding) {
            heldBytes = 0;
            heldSince = now;
        }
        heldBytes += bytes;
        return heldBytes < HELD_BYTES && now - heldSince < heldNanos;
    }

    private boolean handOver() throws IOException {
        if (holding) {
            holding = false;
        }
        if (flushWanted) {
            flushWanted = false; // before the flush: who asks from now on means what comes after it
        }
        return connection.flushNow();
    }

    private void stalled(boolean now) {
        if (stalled != now) { // a volatile write is a fence, which a frame has enough of
            stalled = now;
        }
    }

    /** Sends what is held, or leaves that to the thread that writes. */
    void flush() throws IOException {
        if (holding) {
            flushWanted = true;
            combine();
        }
    }

    /** Writes what others have left, unless another thread does, or there is no room. */
    private void combine() throws IOException {
        // Who queued a frame looks here afterwards, and who leaves the role looks once more: nothing stays behind.
        while ((flushWanted || !queue.isEmpty()) && !stalled && busy.compareAndSet(false, true)) {
            write();
        }
    }

    /**
     * Goes on writing after a stall.
     *
     * @return true if nothing is left to write
     */
    boolean resume() throws IOException {
        if (!stalled) {
            return true;
        }
        if (busy.compareAndSet(false, true)) {
            stalled(false);
            write();
            combine();
        }
        return !stalled;
    }

    /** Writes as much as there is room for, and leaves the role. */
    private void write() throws IOException {
        try {
            boolean room = true;
            boolean begun = rest != null;
            ByteBuffer next = begun ? rest : queue.poll();
            while (next != null) {
                int before = next.remaining();
                room = begun ? connection.offer(next) : begin(next);
                begun = false;
                backlogBytes.addAndGet(next.remaining() - before);
                if (!room) {
                    break;
                }
                next = queue.poll();
            }
            rest = next;
            stalled(!handOver() || !room);
        } finally {
            busy.set(false);
        }
    }
}
