// SPDX-License-Identifier: Apache-2.0
package org.processional.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * An input of several parts.
 *
 * <pre>part: tag u8 | length u16 | bytes</pre>
 *
 * Any bytes are a script: the last part has what is left.
 *
 * <p><b>Threads:</b> immutable; a {@link Writer}, one thread.
 */
public final class Script {
    private static final int MOST_PARTS = 64;

    /**
     * A part.
     *
     * @param tag 0 to 255: how it is meant
     */
    public record Part(int tag, byte[] bytes) {
        /** The bytes, big-endian. */
        public ByteBuffer buffer() {
            return ByteBuffer.wrap(bytes);
        }
    }

    private Script() {}

    /** Cuts an input into parts. */
    public static List<Part> read(byte[] input) {
        ByteBuffer from = ByteBuffer.wrap(input);
        List<Part> parts = new ArrayList<>();
        while (from.remaining() >= 3 && parts.size() < MOST_PARTS) {
            int tag = from.get() & 0xff;
            byte[] bytes = new byte[Math.min(from.getShort() & 0xffff, from.remaining())];
            from.get(bytes);
            parts.add(new Part(tag, bytes));
        }
        return parts;
    }

    /** Makes an input. */
    public static final class Writer {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        /** Appends a part of at most 65535 bytes. */
        public Writer part(int tag, byte... bytes) {
            out.write(tag);
            out.write(bytes.length >>> 8);
            out.write(bytes.length);
            out.writeBytes(bytes);
            return this;
        }

        /** Appends a part. */
        public Writer part(int tag, ByteBuffer buffer) {
            return part(tag, bytes(buffer));
        }

        /** All parts. */
        public byte[] input() {
            return out.toByteArray();
        }
    }

    /** What is left in a buffer. */
    public static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
