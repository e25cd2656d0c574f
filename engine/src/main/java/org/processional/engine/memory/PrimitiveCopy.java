// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.memory;

import java.nio.ByteBuffer;
import org.processional.CodecException;

/**
 * Copies arrays of primitives to shared memory and back, in the order of the machine.
 *
 * <p><b>Threads:</b> stateless.
 */
final class PrimitiveCopy {
    static final int BYTES = 1;
    static final int SHORTS = 2;
    static final int CHARS = 3;
    static final int INTS = 4;
    static final int LONGS = 5;
    static final int FLOATS = 6;
    static final int DOUBLES = 7;

    private PrimitiveCopy() {}

    /** The type of an array, for {@link #read}; 0 for what is not copied here. */
    static int typeOf(Object array) {
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

    /** The class of an array of a type. */
    static Class<?> arrayType(int type) {
        return switch (type) {
            case BYTES -> byte[].class;
            case SHORTS -> short[].class;
            case CHARS -> char[].class;
            case INTS -> int[].class;
            case LONGS -> long[].class;
            case FLOATS -> float[].class;
            default -> double[].class;
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

    /** Copies an array to the beginning of a buffer, which is in the order of the machine. */
    static void write(int type, Object array, ByteBuffer to) {
        switch (type) {
            case BYTES -> to.put((byte[]) array);
            case SHORTS -> to.asShortBuffer().put((short[]) array);
            case CHARS -> to.asCharBuffer().put((char[]) array);
            case INTS -> to.asIntBuffer().put((int[]) array);
            case LONGS -> to.asLongBuffer().put((long[]) array);
            case FLOATS -> to.asFloatBuffer().put((float[]) array);
            default -> to.asDoubleBuffer().put((double[]) array);
        }
    }

    /** Copies the beginning of a buffer, which is in the order of the machine, to a new array. */
    static Object read(int type, int length, ByteBuffer from) {
        switch (type) {
            case BYTES -> {
                byte[] bytes = new byte[length];
                from.get(bytes);
                return bytes;
            }
            case SHORTS -> {
                short[] shorts = new short[length];
                from.asShortBuffer().get(shorts);
                return shorts;
            }
            case CHARS -> {
                char[] chars = new char[length];
                from.asCharBuffer().get(chars);
                return chars;
            }
            case INTS -> {
                int[] ints = new int[length];
                from.asIntBuffer().get(ints);
                return ints;
            }
            case LONGS -> {
                long[] longs = new long[length];
                from.asLongBuffer().get(longs);
                return longs;
            }
            case FLOATS -> {
                float[] floats = new float[length];
                from.asFloatBuffer().get(floats);
                return floats;
            }
            default -> {
                double[] doubles = new double[length];
                from.asDoubleBuffer().get(doubles);
                return doubles;
            }
        }
    }
}
