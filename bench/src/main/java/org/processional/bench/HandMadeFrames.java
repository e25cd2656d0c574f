// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.nio.ByteBuffer;

/**
 * The frames of {@link HandMadeCalls}.
 *
 * <pre>
 * request: 0: bytes that follow u16 | 2: a lambda, as {@link HandMadeLambdas} has it
 * answer:  0: outcome u8            | 1: result i32
 * </pre>
 *
 * big-endian. A request whose lambda has captured an int and a String of 8 letters has 20 bytes.
 */
final class HandMadeFrames {
    static final int FUNCTION = 2;

    /** Room for a batch of requests, or of answers. */
    static final int BATCH_BYTES = 64 * 1024;

    static final int ANSWER_BYTES = 5;

    static final byte DONE = 0;
    static final byte FAILED = 1;

    private HandMadeFrames() {}

    /** Writes a request at the position of a buffer. */
    static void request(ByteBuffer buffer, HandMadeLambdas lambdas, HandMadeLambdas.Function function) {
        int begin = buffer.position();
        buffer.position(begin + FUNCTION);
        lambdas.write(function, buffer);
        buffer.putShort(begin, (short) (buffer.position() - begin - FUNCTION));
    }

    /** How many bytes the request has that is at the position; one more than there are if that is not known yet. */
    static int requestBytes(ByteBuffer received) {
        return received.remaining() < FUNCTION
                ? FUNCTION
                : FUNCTION + (received.getShort(received.position()) & 0xffff);
    }

    /** Writes an answer at the position of a buffer. */
    static void answer(ByteBuffer buffer, byte outcome, int result) {
        buffer.put(outcome).putInt(result);
    }
}
