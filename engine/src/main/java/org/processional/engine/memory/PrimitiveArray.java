// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.memory;

import java.io.EOFException;
import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;

/**
 * An array of primitives that is copied to shared memory or out of it, in the order of the machine: through a mapping, or
 * through the file in pieces. The file takes a tenth of the time of a first mapping, which costs a fault for each page, and
 * two to five times that of a later one.
 *
 * <p><b>Threads:</b> one.
 */
final class PrimitiveArray implements SegmentFile.Content {
    private static final int BYTES = 1;
    private static final int SHORTS = 2;
    private static final int CHARS = 3;
    private static final int INTS = 4;
    private static final int LONGS = 5;
    private static final int FLOATS = 6;
    private static final int DOUBLES = 7;

    private static final int PIECE_BYTES = 128 << 10; // stays in the cache between the two copies
    private static final AtomicReference<@Nullable ByteBuffer> PIECE =
            new AtomicReference<>(); // whose user takes it out

    private final int type;
    private final Object array;
    private final int length;

    private PrimitiveArray(int type, Object array, int length) {
        this.type = type;
        this.array = array;
        this.length = length;
    }

    /** An array; null if it is none of primitives, or of booleans. */
    static @Nullable PrimitiveArray of(Object array) {
        int type = typeOf(array);
        return type == 0 ? null : new PrimitiveArray(type, array, Array.getLength(array));
    }

    private static int typeOf(Object array) {
        if (array instanceof byte[]) {
            return BYTES;
        } else if (array instanceof int[]) {
            return INTS;
        } else if (array instanceof long[]) {
            return LONGS;
        } else if (array instanceof double[]) {
            return DOUBLES;
        } else if (array instanceof float[]) {
            return FLOATS;
        } else if (array instanceof short[]) {
            return SHORTS;
        }
        return array instanceof char[] ? CHARS : 0;
    }

    /** A new array. */
    static PrimitiveArray make(int type, int length) {
        return new PrimitiveArray(type, Array.newInstance(elementType(type), length), length);
    }

    /** The class of an array of a type. */
    static Class<?> arrayType(int type) {
        return elementType(type).arrayType();
    }

    private static Class<?> elementType(int type) {
        return switch (type) {
            case BYTES -> byte.class;
            case SHORTS -> short.class;
            case CHARS -> char.class;
            case INTS -> int.class;
            case LONGS -> long.class;
            case FLOATS -> float.class;
            case DOUBLES -> double.class;
            default -> throw new CodecException("damaged message: no array of type " + type);
        };
    }

    /** Bytes of an element. */
    static int width(int type) {
        return switch (type) {
            case BYTES -> 1;
            case SHORTS, CHARS -> 2;
            case INTS, FLOATS -> 4;
            case LONGS, DOUBLES -> 8;
            default -> throw new CodecException("damaged message: no array of type " + type);
        };
    }

    /** What its elements are, on the wire. */
    int type() {
        return type;
    }

    Object array() {
        return array;
    }

    int length() {
        return length;
    }

    long bytes() {
        return (long) length * width(type);
    }

    // ---- through a mapping

    /** Copies it to the beginning of a segment, which is mapped. */
    void copyTo(Segment segment) {
        put(0, length, whole(segment));
    }

    /** Copies the beginning of a segment, which is mapped. */
    void copyFrom(Segment segment) {
        get(0, length, whole(segment));
    }

    private ByteBuffer whole(Segment segment) {
        return segment.buffer(0, (int) bytes()).order(ByteOrder.nativeOrder());
    }

    private void put(int from, int count, ByteBuffer to) {
        switch (type) {
            case BYTES -> to.put((byte[]) array, from, count);
            case SHORTS -> to.asShortBuffer().put((short[]) array, from, count);
            case CHARS -> to.asCharBuffer().put((char[]) array, from, count);
            case INTS -> to.asIntBuffer().put((int[]) array, from, count);
            case LONGS -> to.asLongBuffer().put((long[]) array, from, count);
            case FLOATS -> to.asFloatBuffer().put((float[]) array, from, count);
            default -> to.asDoubleBuffer().put((double[]) array, from, count);
        }
    }

    private void get(int to, int count, ByteBuffer from) {
        switch (type) {
            case BYTES -> from.get((byte[]) array, to, count);
            case SHORTS -> from.asShortBuffer().get((short[]) array, to, count);
            case CHARS -> from.asCharBuffer().get((char[]) array, to, count);
            case INTS -> from.asIntBuffer().get((int[]) array, to, count);
            case LONGS -> from.asLongBuffer().get((long[]) array, to, count);
            case FLOATS -> from.asFloatBuffer().get((float[]) array, to, count);
            default -> from.asDoubleBuffer().get((double[]) array, to, count);
        }
    }

    // ---- through a file

    @Override
    public long write(FileChannel to, long begin) throws IOException {
        ByteBuffer piece = takePiece();
        int most = piece.capacity() / width(type);
        long at = begin;
        for (int from = 0, count; from < length; from += count) {
            count = Math.min(most, length - from);
            put(from, count, piece.clear());
            piece.position(0).limit(count * width(type));
            while (piece.hasRemaining()) {
                at += to.write(piece, at);
            }
        }
        PIECE.set(piece);
        return at;
    }

    /** Reads it from a position of a file on; where it ends there. */
    long read(FileChannel from, long begin) throws IOException {
        ByteBuffer piece = takePiece();
        int most = piece.capacity() / width(type);
        long at = begin;
        for (int to = 0, count; to < length; to += count) {
            count = Math.min(most, length - to);
            piece.clear().limit(count * width(type));
            while (piece.hasRemaining()) {
                int read = from.read(piece, at);
                if (read < 0) {
                    throw new EOFException("a large value is cut off at byte " + (at - begin) + " of " + bytes());
                }
                at += read;
            }
            get(to, count, piece.flip());
        }
        PIECE.set(piece);
        return at;
    }

    private static ByteBuffer takePiece() {
        ByteBuffer spare = PIECE.getAndSet(null);
        return spare == null ? ByteBuffer.allocateDirect(PIECE_BYTES).order(ByteOrder.nativeOrder()) : spare;
    }
}
