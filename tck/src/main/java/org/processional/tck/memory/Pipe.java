// SPDX-License-Identifier: Apache-2.0
package org.processional.tck.memory;

import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a connection: pieces of frames on their way, in order, with room for some.
 *
 * <p><b>Threads:</b> everything from any thread, under this one lock; bells are rung outside of it.
 */
final class Pipe {
    /** How many bytes are on their way at most; a longer frame goes in pieces. */
    static final int ROOM_BYTES = 1 << 16;

    /** What a piece costs beside its bytes, so that empty frames have an end too. */
    private static final int PIECE_BYTES = 16;

    /** A piece of a frame. */
    static final class Piece {
        final byte[] bytes;
        final boolean last; // whether the frame is whole with it
        final long dueNanos; // when it arrives

        Piece(byte[] bytes, boolean last, long dueNanos) {
            this.bytes = bytes;
            this.last = last;
            this.dueNanos = dueNanos;
        }

        /** The room that it takes. */
        int cost() {
            return bytes.length + PIECE_BYTES;
        }
    }

    private final CopyOnWriteArrayList<Bell> watchers = new CopyOnWriteArrayList<>();
    private final Deque<Piece> pieces = new ArrayDeque<>(); // guarded by this
    private int used; // guarded by this
    private boolean ended; // guarded by this: nothing more will come
    private boolean abandoned; // guarded by this: nobody reads it any more

    void watch(Bell bell) {
        watchers.add(bell);
    }

    void unwatch(Bell bell) {
        watchers.remove(bell);
    }

    private void changed() {
        watchers.forEach(Bell::ring);
    }

    /** Room for the bytes of one more piece; 0 if there is none. */
    synchronized int room() throws IOException {
        if (abandoned) {
            throw new IOException("the other end has closed the connection");
        }
        return Math.max(0, ROOM_BYTES - used - PIECE_BYTES);
    }

    /** Whether there is room, or an end that the next offer tells. */
    synchronized boolean isWritable() {
        return abandoned || ROOM_BYTES - used - PIECE_BYTES > 0;
    }

    /** Sends a piece; there is room, since one thread sends at a time. */
    void put(Piece piece) {
        synchronized (this) {
            used += piece.cost();
            pieces.add(piece);
        }
        changed();
    }

    /**
     * Takes the next piece that has arrived.
     *
     * @return the piece; null if there is none now
     * @throws EOFException if there will be none
     */
    @Nullable
    Piece take(long now) throws EOFException {
        Piece next;
        synchronized (this) {
            next = pieces.peek();
            if (next == null && ended) {
                throw new EOFException("the other end has closed the connection");
            }
            if (next == null || next.dueNanos - now > 0) {
                return null;
            }
            pieces.remove();
            used -= next.cost();
        }
        changed();
        return next;
    }

    /** How long until something can be read, the end included; {@link Long#MAX_VALUE} if nothing is on its way. */
    synchronized long nanosToReadable(long now) {
        Piece next = pieces.peek();
        if (next == null) {
            return ended ? 0 : Long.MAX_VALUE;
        }
        return Math.max(0, next.dueNanos - now);
    }

    /** The writing end has closed; what is on its way still arrives. */
    void end() {
        synchronized (this) {
            ended = true;
        }
        changed();
    }

    /** The reading end has closed. */
    void abandon() {
        synchronized (this) {
            abandoned = true;
            pieces.clear();
        }
        changed();
    }
}
