// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.code;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.processional.CodecException;
import org.processional.spi.FrameOutput;

/**
 * Asks for contents, each from an offset on; the answer has pieces of them in that order, until it is full.
 *
 * <pre>
 * request: count size | part...     part:  hash 32 bytes | offset i64
 * answer:  piece...                 piece: length size | bytes
 * </pre>
 *
 * <p><b>Threads:</b> immutable.
 */
record ContentRequest(List<Part> parts) {
    /** Most bytes of an answer. */
    static final int ANSWER_BYTES = 1 << 20;
    /** Most bytes before a piece. */
    static final int PIECE_HEADER_BYTES = 5;

    private static final int PART_BYTES = Hash.BYTES + 8;

    /** A content from an offset on. */
    record Part(Hash hash, long offset) {}

    ByteBuffer write() {
        FrameOutput out = new FrameOutput(8 + PART_BYTES * parts.size(), Integer.MAX_VALUE);
        out.putSize(parts.size());
        for (Part part : parts) {
            part.hash.write(out);
            out.putLong(part.offset);
        }
        return out.frame();
    }

    static ContentRequest read(ByteBuffer message) {
        ByteBuffer from = message.duplicate();
        int count = FrameOutput.readSize(from);
        if (count > from.remaining() / PART_BYTES) {
            throw new CodecException(
                    "damaged message: a request for " + count + " contents in " + from.remaining() + " bytes");
        }
        List<Part> parts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            parts.add(new Part(Hash.read(from), from.getLong()));
        }
        return new ContentRequest(parts);
    }

    /** The next piece of an answer: a view. */
    static ByteBuffer nextPiece(ByteBuffer answer) {
        int length = FrameOutput.readSize(answer);
        if (length > answer.remaining()) {
            throw new CodecException("damaged message: a piece of " + length + " bytes, of which only "
                    + answer.remaining() + " are there");
        }
        ByteBuffer piece = answer.slice().limit(length);
        answer.position(answer.position() + length);
        return piece;
    }
}
