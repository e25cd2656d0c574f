// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.shm;

import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import org.processional.spi.FrameHandler;

/**
 * The reading end of a ring.
 *
 * <p>A frame in one record is handed over where it lies. One that comes in parts is collected in a buffer of its own,
 * which grows as the parts arrive: what the first says of its length is believed only so far. Nothing that the peer
 * wrote makes this end read outside of the ring, or for ever.
 *
 * <p><b>Threads:</b> {@code poll} by the reading thread; {@code hasRecord} and {@code sleeps} from any.
 */
final class RingReader {
    private static final int FIRST_STEP_BYTES = 1 << 20;
    private static final int STEP_FACTOR = 4;
    private static final int SMALL_BYTES = 256;
    private static final byte[] ZEROS = new byte[8 << 10];

    private final ByteBuffer memory; // in the order of the machine; only absolute access
    private final ByteBuffer view; // reading thread only, as all below: what handlers get
    private final int words;
    private final int data;
    private final int ringBytes;
    private final String peer;
    private final Bell bell;
    private int longest = ShmConnection.MAX_FRAME_BYTES; // of the frames that are taken
    private int largestPayload; // of one record, which is no longer than its frame
    private int head; // the same as in the file, which only others read
    private boolean more; // whether the last poll left records
    private int wholeBytes; // length of the frame in collected
    private @Nullable ByteBuffer collected; // a frame in parts, as far as it has arrived

    /**
     * Makes the reading end.
     *
     * @param memory the file, in the order of the machine
     * @param ring 0 or 1
     */
    RingReader(ByteBuffer memory, int ring, int ringBytes, String peer, Bell bell) {
        this.memory = memory;
        this.view = memory.duplicate();
        this.words = RingFormat.words(ring);
        this.data = RingFormat.data(ring, ringBytes);
        this.ringBytes = ringBytes;
        this.largestPayload = RingFormat.largestPayload(ringBytes);
        this.peer = peer;
        this.bell = bell;
    }

    /** Refuses longer frames from now on. */
    void limit(int bytes) {
        longest = bytes;
        largestPayload = Math.min(bytes, RingFormat.largestPayload(ringBytes));
    }

    /**
     * Hands over all frames that are complete, at most those of one ring full.
     *
     * @return the number of frames; -1 if there was nothing, not even part of one
     * @throws DamagedRingException if what the peer wrote makes no sense, or is a frame above the limit
     */
    int poll(FrameHandler handler) throws IOException {
        if (!isRecord(header())) {
            return -1;
        }
        int start = head;
        int frames = 0;
        do {
            int published = head;
            try {
                while (head - start < ringBytes && isRecord(header())) {
                    frames += take(handler);
                }
            } finally {
                if (head != published) {
                    publish();
                }
            }
            more = isRecord(header()); // again: who looked between our last look and the new head saw nothing
        } while (more && head - start < ringBytes);
        return frames;
    }

    /** Whether the last poll left something, so that who sleeps over the ring must look again. */
    boolean hasMore() {
        return more;
    }

    private int header() {
        return Words.getAcquire(memory, data + (head & ringBytes - 1));
    }

    private static boolean isRecord(int header) {
        return header > 0;
    }

    /** Takes one record; returns the number of frames that it completes. */
    private int take(FrameHandler handler) throws IOException {
        int header = header(); // once: the peer may change it at any time
        int index = head & ringBytes - 1;
        int bytes = RingFormat.payloadBytes(header);
        int kind = RingFormat.kind(header);
        int most = kind == RingFormat.PADDING ? ringBytes : largestPayload;
        if (bytes > most || bytes > ringBytes - index - RingFormat.RECORD_HEADER_BYTES) {
            throw refused(kind, bytes, index);
        }
        int record = RingFormat.recordBytes(bytes);
        int payload = data + index + RingFormat.RECORD_HEADER_BYTES;
        try {
            switch (kind) {
                case RingFormat.WHOLE -> {
                    view.limit(payload + bytes).position(payload);
                    handler.frame(view.order(ByteOrder.BIG_ENDIAN), false); // the last handler may have changed it
                    return 1;
                }
                case RingFormat.FIRST -> begin(memory.getInt(data + index + RingFormat.WHOLE_BYTES), payload, bytes);
                case RingFormat.MIDDLE -> collect(payload, bytes);
                case RingFormat.LAST -> {
                    ByteBuffer whole = collect(payload, bytes);
                    if (whole.position() != wholeBytes) {
                        throw damaged("a frame of " + whole.position() + " bytes in place of " + wholeBytes);
                    }
                    collected = null;
                    handler.frame(whole.flip(), true);
                    return 1;
                }
                case RingFormat.PADDING -> {}
                default -> throw damaged("a record of the unknown kind " + kind);
            }
            return 0;
        } finally {
            zero(data + index, record); // also if a handler fails: the frame counts as handed over
            head += record;
        }
    }

    private void zero(int at, int bytes) {
        if (bytes <= SMALL_BYTES) {
            for (int i = 0; i < bytes; i += Long.BYTES) {
                memory.putLong(at + i, 0);
            }
            return;
        }
        for (int done = 0; done < bytes; ) {
            int step = Math.min(bytes - done, ZEROS.length);
            memory.put(at + done, ZEROS, 0, step);
            done += step;
        }
    }

    /** Gives the room back, and rings if the writer sleeps over it. */
    private void publish() {
        Words.setRelease(memory, words + RingFormat.HEAD, head);
        VarHandle.fullFence(); // the writer says that it sleeps, then looks at the head: one of us sees the other
        if (memory.getInt(words + RingFormat.ROOM_WANTED) != 0) {
            memory.putInt(words + RingFormat.ROOM_WANTED, 0);
            bell.ring();
        }
    }

    private void begin(int whole, int payload, int bytes) throws IOException {
        if (collected != null || whole <= bytes || whole > ShmConnection.MAX_FRAME_BYTES) {
            throw damaged("the beginning of a frame of " + Integer.toUnsignedString(whole) + " bytes"
                    + (collected == null ? "" : " within another"));
        }
        if (whole > longest) {
            throw tooLong(whole);
        }
        wholeBytes = whole;
        collected = allocate(Math.min(whole, FIRST_STEP_BYTES));
        collect(payload, bytes);
    }

    private ByteBuffer collect(int payload, int bytes) throws IOException {
        ByteBuffer target = collected;
        if (target == null || target.position() + bytes > wholeBytes) {
            throw damaged("a part of a frame, of " + bytes + " bytes, that does not belong to one");
        }
        while (target.remaining() < bytes && target.capacity() < wholeBytes) {
            long next = Math.min((long) target.capacity() * STEP_FACTOR, wholeBytes);
            target = allocate((int) next).put(target.flip());
        }
        view.limit(payload + bytes).position(payload);
        target.put(view);
        collected = target;
        return target;
    }

    private ByteBuffer allocate(int bytes) throws IOException {
        try {
            return ByteBuffer.allocate(bytes);
        } catch (OutOfMemoryError e) {
            throw new DamagedRingException(
                    peer + " sent a frame of " + wholeBytes + " bytes, for which there is no memory here;"
                            + " raise -Xmx, or send smaller pieces",
                    e);
        }
    }

    private DamagedRingException refused(int kind, int bytes, int index) {
        int rest = ringBytes - index - RingFormat.RECORD_HEADER_BYTES;
        if (kind == RingFormat.PADDING || bytes > Math.min(rest, RingFormat.largestPayload(ringBytes))) {
            return damaged("a record of " + bytes + " bytes at " + index);
        }
        return tooLong(kind == RingFormat.FIRST ? memory.getInt(data + index + RingFormat.WHOLE_BYTES) : bytes);
    }

    private DamagedRingException tooLong(int bytes) {
        return new DamagedRingException(peer + " sent a frame of " + Integer.toUnsignedString(bytes) + " bytes, and "
                + longest + " is the most until it has shown who it is; is it no Processional program?");
    }

    private DamagedRingException damaged(String what) {
        return new DamagedRingException(
                "the ring from " + peer + " is damaged: " + what + "; the peer has spoiled it, or has another version");
    }

    /** Whether there is something to take. It is the published head that counts, so that any thread may ask. */
    boolean hasRecord() {
        int published = memory.getInt(words + RingFormat.HEAD) & ringBytes - 1 & -Long.BYTES;
        return isRecord(memory.getInt(data + published));
    }

    /** Says that this end will sleep until something comes; who says so looks afterwards, behind a fence. */
    void sleeps() {
        memory.putInt(words + RingFormat.PARKED, 1);
    }

    /** Says that nobody sleeps here. */
    void awake() {
        memory.putInt(words + RingFormat.PARKED, 0);
    }

    /** What is missing at the end, for a message. */
    String unfinished() {
        ByteBuffer begun = collected;
        return begun == null
                ? ""
                : " in the middle of a frame: " + begun.position() + " of its " + wholeBytes + " bytes have come";
    }
}
