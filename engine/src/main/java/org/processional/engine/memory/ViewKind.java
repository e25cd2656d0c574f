// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.memory;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import org.jspecify.annotations.Nullable;

/** Types of buffers that can be views of shared memory. */
enum ViewKind {
    BYTES(1, 1),
    INTS(2, 4),
    LONGS(3, 8),
    FLOATS(4, 4),
    DOUBLES(5, 8);

    private static final ViewKind[] ALL = values();

    /** On the wire. */
    final int code;

    /** Bytes of an element. */
    final int width;

    ViewKind(int code, int width) {
        this.code = code;
        this.width = width;
    }

    /** The type of a code; null if there is none. */
    static @Nullable ViewKind of(int code) {
        return code < 1 || code > ALL.length ? null : ALL[code - 1];
    }

    /** The type of a buffer; null for one of shorts or characters. */
    static @Nullable ViewKind of(Buffer buffer) {
        if (buffer instanceof ByteBuffer) {
            return BYTES;
        } else if (buffer instanceof IntBuffer) {
            return INTS;
        } else if (buffer instanceof LongBuffer) {
            return LONGS;
        } else if (buffer instanceof FloatBuffer) {
            return FLOATS;
        }
        return buffer instanceof DoubleBuffer ? DOUBLES : null;
    }

    /** The order of a buffer of this type. */
    ByteOrder order(Buffer buffer) {
        return switch (this) {
            case BYTES -> ((ByteBuffer) buffer).order();
            case INTS -> ((IntBuffer) buffer).order();
            case LONGS -> ((LongBuffer) buffer).order();
            case FLOATS -> ((FloatBuffer) buffer).order();
            case DOUBLES -> ((DoubleBuffer) buffer).order();
        };
    }

    /** A view of bytes, in their order. */
    Buffer over(ByteBuffer bytes) {
        return switch (this) {
            case BYTES -> bytes;
            case INTS -> bytes.asIntBuffer();
            case LONGS -> bytes.asLongBuffer();
            case FLOATS -> bytes.asFloatBuffer();
            case DOUBLES -> bytes.asDoubleBuffer();
        };
    }
}
