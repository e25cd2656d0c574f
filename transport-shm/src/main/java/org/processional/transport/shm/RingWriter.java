// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.shm;

import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The writing end of a ring: reserve, write, release.
 *
 * <p>What a peer may have spoiled is checked: a head that makes no sense is an exception.
 *
 * <p><b>Threads:</b> reserves, claims, commits and aborts from any thread; {@code offer} by one at a time.
 */
final class RingWriter {
    private final ByteBuffer memory; // in the order of the machine; only absolute access, so from any thread
    private final int words;
    private final int data;
    private final int ringBytes;
    private final int largestPayload;
    private final String peer;
    private final Bell bell;
    private final AtomicLong tail = new AtomicLong(); // moved by who reserves
    private volatile int seenHead; // written by who reserves; may be older than the head, never newer
    private int begun; // offering thread: bytes of a begun frame that were not taken yet

    /**
     * Makes the writing end.
     *
     * @param memory the file, in the order of the machine
     * @param ring 0 or 1
     */
    RingWriter(ByteBuffer memory, int ring, int ringBytes, String peer, Bell bell) {
        this.memory = memory;
        this.words = RingFormat.words(ring);
        this.data = RingFormat.data(ring, ringBytes);
        this.ringBytes = ringBytes;
        this.largestPayload = RingFormat.largestPayload(ringBytes);
        this.peer = peer;
        this.bell = bell;
    }

    /** Takes what there is room for, as {@link org.processional.spi.PollableConnection#offer} says. */
    boolean offer(ByteBuffer frame) throws IOException {
        int bytes = frame.remaining();
        if (begun > 0) {
            if (bytes != begun) {
                throw new IllegalArgumentException("a frame was begun and " + begun + " bytes of it are to follow, not "
                        + bytes + "; offer the rest of that frame first");
            }
            return offerParts(frame, 0);
        }
        if (bytes > ShmConnection.MAX_FRAME_BYTES) {
            throw new IllegalArgumentException("a frame of " + bytes + " bytes is too long; "
                    + ShmConnection.MAX_FRAME_BYTES + " is the most, send it in pieces");
        }
        if (bytes > largestPayload) {
            begun = bytes;
            boolean taken = offerParts(frame, bytes);
            if (frame.remaining() == bytes) {
                begun = 0; // not even the first part was taken
            }
            return taken;
        }
        int at = reserve(bytes);
        if (at < 0) {
            signal(); // what was offered before must not wait for a flush that comes after the room
            return false;
        }
        put(at, RingFormat.WHOLE, frame, bytes);
        return true;
    }

    /** Puts parts of a frame into the ring; {@code whole} is its length if none of it is there yet, else 0. */
    private boolean offerParts(ByteBuffer frame, int whole) throws IOException {
        int first = whole;
        while (begun > 0) {
            int bytes = Math.min(begun, largestPayload);
            int at = reserve(bytes);
            if (at < 0) {
                signal();
                return false;
            }
            int kind = RingFormat.MIDDLE;
            if (first > 0) {
                memory.putInt(at + RingFormat.WHOLE_BYTES, first);
                kind = RingFormat.FIRST;
                first = 0;
            } else if (bytes == begun) {
                kind = RingFormat.LAST;
            }
            put(at, kind, frame, bytes);
            begun -= bytes;
            signal(); // so that the reader takes this part while we copy the next
        }
        return true;
    }

    private void put(int at, int kind, ByteBuffer frame, int bytes) {
        int from = frame.position();
        memory.put(at + RingFormat.RECORD_HEADER_BYTES, frame, from, bytes);
        frame.position(from + bytes);
        Words.setRelease(memory, at, RingFormat.header(kind, bytes));
    }

    /**
     * Reserves a record for a frame; it is invisible until {@link #commit} or {@link #abort}.
     *
     * @return a view that begins with the payload, is limited to it, and reaches to the end of the file: its capacity
     *     tells later where it began; null if there is no room now, or never
     */
    @Nullable
    ByteBuffer claim(int bytes) throws IOException {
        if (bytes < 0) {
            throw new IllegalArgumentException("a frame of " + bytes + " bytes; 0 is the least");
        }
        int at = bytes > largestPayload ? -1 : reserve(bytes);
        if (at < 0) {
            return null;
        }
        int from = at + RingFormat.RECORD_HEADER_BYTES;
        return memory.slice(from, memory.capacity() - from).limit(bytes);
    }

    /** Makes a claimed frame visible. What the peer made of the file meanwhile does not matter here. */
    void commit(ByteBuffer claimed) {
        int bytes = claimed.limit();
        Words.setRelease(memory, record(claimed), RingFormat.header(RingFormat.WHOLE, bytes));
        signal();
    }

    void abort(ByteBuffer claimed) {
        int padding = RingFormat.recordBytes(claimed.limit()) - RingFormat.RECORD_HEADER_BYTES;
        Words.setRelease(memory, record(claimed), RingFormat.header(RingFormat.PADDING, padding));
        signal();
    }

    private int record(ByteBuffer claimed) {
        int at = memory.capacity() - claimed.capacity() - RingFormat.RECORD_HEADER_BYTES;
        int index = at - data;
        int bytes = claimed.limit();
        if (index < 0
                || !RingFormat.isAligned(index)
                || bytes > largestPayload
                || bytes > ringBytes - index - RingFormat.RECORD_HEADER_BYTES) {
            throw new IllegalArgumentException("a buffer with the limit " + bytes
                    + " was not claimed from this connection; give what claim returned, and leave its limit alone");
        }
        return at;
    }

    private int reserve(int bytes) throws IOException {
        int needed = RingFormat.recordBytes(bytes);
        while (true) {
            long from = tail.get();
            int index = (int) from & ringBytes - 1;
            int toEnd = ringBytes - index;
            int total = needed <= toEnd ? needed : toEnd + needed;
            if (ringBytes - ((int) from - seenHead) < total && !hasRoom(from, total)) {
                return -1;
            }
            // a head that was newer than this tail has let us pass, but then the tail has moved
            if (tail.compareAndSet(from, from + total)) {
                int at = data + index;
                if (total > needed) {
                    int padding = toEnd - RingFormat.RECORD_HEADER_BYTES;
                    Words.setRelease(memory, at, RingFormat.header(RingFormat.PADDING, padding));
                    at = data;
                }
                memory.putInt(at, ~bytes);
                return at;
            }
        }
    }

    private boolean hasRoom(long from, int total) throws IOException {
        int head = head();
        int used = (int) from - head;
        if (used < 0 && (int) tail.get() - head >= 0) {
            return true; // others were faster with both; the tail has moved
        }
        requireSense(used, head);
        seenHead = head;
        return ringBytes - used >= total;
    }

    private int head() {
        return Words.getAcquire(memory, words + RingFormat.HEAD);
    }

    private void requireSense(int used, int head) throws IOException {
        if (used < 0 || used > ringBytes || !RingFormat.isAligned(head)) {
            throw new DamagedRingException("the ring to " + peer + " is damaged: of its " + ringBytes + " bytes " + used
                    + " are said to be in use; the peer has spoiled it");
        }
    }

    /** Whether any record fits. */
    boolean hasRoom() {
        int used = (int) tail.get() - head();
        return used <= ringBytes - RingFormat.enoughRoom(ringBytes); // also if it makes no sense: the next offer tells
    }

    /** Rings if the reader sleeps. */
    void signal() {
        VarHandle.fullFence(); // the reader says that it sleeps, then looks for records: one of us sees the other
        if (memory.getInt(words + RingFormat.PARKED) != 0) {
            memory.putInt(words + RingFormat.PARKED, 0);
            bell.ring();
        }
    }

    /** Says that this end will sleep until there is room; who says so looks for room afterwards, behind a fence. */
    void wantRoom() {
        memory.putInt(words + RingFormat.ROOM_WANTED, 1);
    }
}
