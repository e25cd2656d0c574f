// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.shm;

/**
 * The file that two ends map: one ring for each direction.
 *
 * <pre>
 *    0: nonce i64, as in the greeting | 8: mapped i32, 1 once the listening end has mapped the file
 *  512: words of the ring from who connected to who listened
 * 1024: words of the ring from who listened to who connected
 * 4096: bytes of the first ring | 4096 + ring bytes: bytes of the second
 *
 * words: 0: head i32, by the reader | 128: parked i32, 1 by a reader that sleeps, 0 by the writer that rings
 *        | 256: room wanted i32, 1 by a writer that sleeps, 0 by the reader that rings
 *
 * record, 8-aligned, never across the end of the ring:
 *        0: header i32 | 4: bytes of the whole frame i32, in a FIRST only | 8: payload | padding to 8
 * header: 0 nothing yet | negative: claimed, ~payload bytes | positive: kind u3 &lt;&lt; 28 + payload bytes
 * kind:   1 WHOLE frame | 2 FIRST, 3 MIDDLE, 4 LAST part of one | 5 PADDING
 * </pre>
 *
 * Numbers are in the order of the machine, payloads as they are. Positions count bytes from the beginning and wrap
 * around at 32 bits; the place in the ring is their lower part. The tail is not in the file: it belongs to the
 * writers, who are in one process. What was read is zero again before the head passes it. Every word has 32 bits, since
 * those alone are never torn by the language.
 */
final class RingFormat {
    /** Of the greeting and of this layout. */
    static final int VERSION = 1;

    static final int NONCE = 0;
    static final int MAPPED = 8;
    static final int DATA = 4096;

    /** Lines are fetched in pairs, so words that differ in their writer are 128 bytes apart. */
    static final int HEAD = 0;

    static final int PARKED = 128;
    static final int ROOM_WANTED = 256;
    private static final int WORDS = 512;

    static final int RECORD_HEADER_BYTES = 8;
    static final int WHOLE_BYTES = 4; // within a record
    private static final int ALIGNMENT = 8;
    private static final int KIND_SHIFT = 28;

    static final int WHOLE = 1;
    static final int FIRST = 2;
    static final int MIDDLE = 3;
    static final int LAST = 4;
    static final int PADDING = 5;

    static final int LEAST_RING_BYTES = 4 << 10;
    static final int MOST_RING_BYTES = 512 << 20;

    /** A payload takes at most this part of the ring, so that two records of any length fit, even at its end. */
    private static final int LARGEST_RECORD_DIVISOR = 4;

    private RingFormat() {}

    /** Whether a number can be the size of a ring: a power of two within the limits. */
    static boolean isRingBytes(long bytes) {
        return bytes >= LEAST_RING_BYTES && bytes <= MOST_RING_BYTES && Long.bitCount(bytes) == 1;
    }

    /** The length of the file. */
    static long fileBytes(int ringBytes) {
        return DATA + 2L * ringBytes;
    }

    /**
     * Where the words of a ring begin.
     *
     * @param ring 0 from who connected, 1 from who listened
     */
    static int words(int ring) {
        return WORDS * (1 + ring);
    }

    /** Where the bytes of a ring begin. */
    static int data(int ring, int ringBytes) {
        return DATA + ring * ringBytes;
    }

    static int largestPayload(int ringBytes) {
        return ringBytes / LARGEST_RECORD_DIVISOR;
    }

    /** Room that is enough for any record, wherever it begins: behind padding that is a little shorter than itself. */
    static int enoughRoom(int ringBytes) {
        return 2 * recordBytes(largestPayload(ringBytes));
    }

    static int recordBytes(int payloadBytes) {
        return RECORD_HEADER_BYTES + payloadBytes + ALIGNMENT - 1 & -ALIGNMENT;
    }

    static int header(int kind, int payloadBytes) {
        return kind << KIND_SHIFT | payloadBytes;
    }

    static int kind(int header) {
        return header >>> KIND_SHIFT;
    }

    static int payloadBytes(int header) {
        return header & (1 << KIND_SHIFT) - 1;
    }

    static boolean isAligned(int position) {
        return (position & ALIGNMENT - 1) == 0;
    }
}
