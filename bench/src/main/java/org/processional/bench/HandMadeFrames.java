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

    static final int OUTCOME = 0;
    static final int RESULT = 1;
    static final int ANSWER_BYTES = 5;

    static final byte DONE = 0;
    static final byte FAILED = 1;

    private HandMadeFrames() {}

    /** Writes a request into an empty buffer and makes it ready to be sent. */
    static void request(ByteBuffer buffer, int function, int number, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        buffer.clear().position(TEXT);
        buffer.put(bytes);
        buffer.putShort(LENGTH, (short) (buffer.position() - FUNCTION));
        buffer.putShort(FUNCTION, (short) function);
        buffer.putInt(NUMBER, number);
        buffer.flip();
    }

    /** How many bytes the request has that begins here; one more than there are if that is not known yet. */
    static int requestBytes(ByteBuffer received) {
        return received.position() < FUNCTION ? FUNCTION : FUNCTION + (received.getShort(LENGTH) & 0xffff);
    }

    /** The String of a request. */
    static String text(ByteBuffer request, int end) {
        byte[] bytes = new byte[end - TEXT];
        request.get(TEXT, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Writes an answer into a buffer and makes it ready to be sent. */
    static void answer(ByteBuffer buffer, byte outcome, int result) {
        buffer.clear().limit(ANSWER_BYTES);
        buffer.put(OUTCOME, outcome);
        buffer.putInt(RESULT, result);
    }
}
