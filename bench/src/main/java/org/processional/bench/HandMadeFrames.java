// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The frames of {@link HandMadeCalls}.
 *
 * <pre>
 * request: 0: bytes that follow u16 | 2: function u16 | 4: int captured i32 | 8: String captured, UTF-8
 * answer:  0: outcome u8            | 1: result i32
 * </pre>
 *
 * big-endian. A request with a String of 8 letters has 16 bytes.
 */
final class HandMadeFrames {
    static final int LENGTH = 0;
    static final int FUNCTION = 2;
    static final int NUMBER = 4;
    static final int TEXT = 8;
    static final int LONGEST_REQUEST = 1024;

    /** Room for a batch of requests, or of answers. */
    static final int BATCH_BYTES = 64 * 1024;

    static final int OUTCOME = 0;
    static final int RESULT = 1;
    static final int ANSWER_BYTES = 5;

    static final byte DONE = 0;
    static final byte FAILED = 1;

    private HandMadeFrames() {}

    /** Writes a request at the position of a buffer. */
    static void request(ByteBuffer buffer, int function, int number, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int begin = buffer.position();
        buffer.putShort(begin + LENGTH, (short) (TEXT + bytes.length - FUNCTION));
        buffer.putShort(begin + FUNCTION, (short) function);
        buffer.putInt(begin + NUMBER, number);
        buffer.position(begin + TEXT).put(bytes);
    }

    /** How many bytes the request has that is at the position; one more than there are if that is not known yet. */
    static int requestBytes(ByteBuffer received) {
        return received.remaining() < FUNCTION
                ? FUNCTION
                : FUNCTION + (received.getShort(received.position() + LENGTH) & 0xffff);
    }

    /** The String of a request at the position. */
    static String text(ByteBuffer request, int length) {
        byte[] bytes = new byte[length - TEXT];
        request.get(request.position() + TEXT, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Writes an answer at the position of a buffer. */
    static void answer(ByteBuffer buffer, byte outcome, int result) {
        buffer.put(outcome).putInt(result);
    }
}
