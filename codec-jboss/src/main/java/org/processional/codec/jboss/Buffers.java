// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.processional.spi.FrameOutput;

/**
 * Byte buffers that the engine does not carry: their remaining bytes, which arrive as a buffer in the heap.
 *
 * <p><b>Threads:</b> stateless.
 */
final class Buffers {
    private Buffers() {}

    static void write(ByteBuffer value, FrameOutput out) {
        ByteBuffer buffer = copy(value);
        out.putByte(Tag.BUFFER);
        out.putByte(order(buffer));
        out.putSize(buffer.remaining());
        out.room(buffer.remaining()).put(buffer);
    }

    /** A duplicate of a byte buffer, in its order, to read from. */
    static ByteBuffer copy(ByteBuffer buffer) {
        return buffer.duplicate().order(buffer.order());
    }

    static int order(ByteBuffer buffer) {
        return buffer.order() == ByteOrder.LITTLE_ENDIAN ? 1 : 0;
    }

    static ByteBuffer read(ByteBuffer from) {
        byte order = from.get();
        byte[] bytes = new byte[PrimitiveArrays.count(from, 1)];
        from.get(bytes);
        return make(order, bytes);
    }

    static ByteBuffer make(int order, byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(order == 1 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    }
}
