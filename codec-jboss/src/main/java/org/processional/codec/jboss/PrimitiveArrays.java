// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import org.processional.CodecException;
import org.processional.spi.FrameOutput;
import org.processional.spi.Substitution;

/**
 * Arrays of primitives: their length, then their elements in bulk.
 *
 * <p><b>Threads:</b> from any thread.
 */
final class PrimitiveArrays {
    private PrimitiveArrays() {}

    /** Whether the engine is to be asked for it. */
    static boolean isLarge(Object array) {
        if (array instanceof byte[] bytes) {
            return bytes.length >= Substitution.LARGE_BYTES;
        }
        return Array.getLength(array) >= Substitution.LARGE_BYTES / width(array);
    }

    /** Bytes of an element of an array of primitives. */
    static int width(Object array) {
        if (array instanceof byte[] || array instanceof boolean[]) {
            return 1;
        }
        return array instanceof long[] || array instanceof double[]
                ? 8
                : array instanceof int[] || array instanceof float[] ? 4 : 2;
    }

    static void write(byte tag, Object array, FrameOutput out) {
        out.putByte(tag);
        ByteBuffer to;
        switch (tag) {
            case Tag.BOOLEANS -> {
                boolean[] booleans = (boolean[]) array;
                ByteBuffer bits = head(booleans.length, 1, out);
                for (boolean value : booleans) {
                    bits.put((byte) (value ? 1 : 0));
                }
            }
            case Tag.BYTES -> {
                byte[] bytes = (byte[]) array;
                head(bytes.length, 1, out).put(bytes);
            }
            case Tag.SHORTS -> {
                short[] shorts = (short[]) array;
                to = head(shorts.length, 2, out);
                to.asShortBuffer().put(shorts);
                skip(to, shorts.length, 2);
            }
            case Tag.CHARS -> {
                char[] chars = (char[]) array;
                to = head(chars.length, 2, out);
                to.asCharBuffer().put(chars);
                skip(to, chars.length, 2);
            }
            case Tag.INTS -> {
                int[] ints = (int[]) array;
                to = head(ints.length, 4, out);
                to.asIntBuffer().put(ints);
                skip(to, ints.length, 4);
            }
            case Tag.LONGS -> {
                long[] longs = (long[]) array;
                to = head(longs.length, 8, out);
                to.asLongBuffer().put(longs);
                skip(to, longs.length, 8);
            }
            case Tag.FLOATS -> {
                float[] floats = (float[]) array;
                to = head(floats.length, 4, out);
                to.asFloatBuffer().put(floats);
                skip(to, floats.length, 4);
            }
            default -> {
                double[] doubles = (double[]) array;
                to = head(doubles.length, 8, out);
                to.asDoubleBuffer().put(doubles);
                skip(to, doubles.length, 8);
            }
        }
    }

    /** Writes the length, and makes room for the elements. */
    private static ByteBuffer head(int length, int width, FrameOutput out) {
        out.putSize(length);
        long bytes = (long) length * width;
        return out.room((int) Math.min(bytes, Integer.MAX_VALUE)); // which no frame has room for
    }

    private static void skip(ByteBuffer to, int length, int width) {
        to.position(to.position() + length * width);
    }

    static Object read(byte tag, ByteBuffer from) {
        return switch (tag) {
            case Tag.BOOLEANS -> {
                boolean[] booleans = new boolean[count(from, 1)];
                for (int i = 0; i < booleans.length; i++) {
                    booleans[i] = from.get() != 0;
                }
                yield booleans;
            }
            case Tag.BYTES -> {
                byte[] bytes = new byte[count(from, 1)];
                from.get(bytes);
                yield bytes;
            }
            case Tag.SHORTS -> {
                short[] shorts = new short[count(from, 2)];
                from.asShortBuffer().get(shorts);
                skip(from, shorts.length, 2);
                yield shorts;
            }
            case Tag.CHARS -> {
                char[] chars = new char[count(from, 2)];
                from.asCharBuffer().get(chars);
                skip(from, chars.length, 2);
                yield chars;
            }
            case Tag.INTS -> {
                int[] ints = new int[count(from, 4)];
                from.asIntBuffer().get(ints);
                skip(from, ints.length, 4);
                yield ints;
            }
            case Tag.LONGS -> {
                long[] longs = new long[count(from, 8)];
                from.asLongBuffer().get(longs);
                skip(from, longs.length, 8);
                yield longs;
            }
            case Tag.FLOATS -> {
                float[] floats = new float[count(from, 4)];
                from.asFloatBuffer().get(floats);
                skip(from, floats.length, 4);
                yield floats;
            }
            case Tag.DOUBLES -> {
                double[] doubles = new double[count(from, 8)];
                from.asDoubleBuffer().get(doubles);
                skip(from, doubles.length, 8);
                yield doubles;
            }
            default -> throw new CodecException("damaged message: no value begins with " + tag);
        };
    }

    /**
     * Reads a length.
     *
     * @param width the least number of bytes that an element takes
     * @throws CodecException if there are fewer bytes than that
     */
    static int count(ByteBuffer from, int width) {
        int count = FrameOutput.readSize(from);
        if ((long) count * width > from.remaining()) {
            throw new CodecException("damaged message: " + count + " elements of " + width
                    + " bytes at least, but only " + from.remaining() + " bytes are left");
        }
        return count;
    }
}
