// SPDX-License-Identifier: Apache-2.0
package org.processional.spi;

import org.jspecify.annotations.Nullable;

/**
 * Replaces what the engine carries itself (proxies, shared memory, views of shared memory) by what stands for it on the
 * wire, wherever it occurs in a graph.
 *
 * <p>A codec asks it for every object that is an {@link org.processional.Proxy}, a {@link Stub}, an
 * {@link org.processional.SharedMemory} or a {@link java.nio.Buffer}, and for large arrays of primitives, in place of
 * encoding the object, and carries the bytes alone.
 *
 * <p><b>Threads:</b> any thread that encodes or decodes.
 *
 * @since 0.1
 */
public interface Substitution {
    /** From this length on, in bytes, a codec asks for an array of primitives. */
    int LARGE_BYTES = 64 << 10;

    /**
     * What to write in place of an object, in the message that is being encoded by the calling thread.
     *
     * @param object an object of one of these types; of arrays, those with {@link #LARGE_BYTES} or more
     * @return the bytes that stand for it, at most 255; null for one that the codec is to encode itself (an array, a
     *     {@link java.nio.ByteBuffer} as its remaining bytes) or to refuse (any other buffer)
     * @throws org.processional.CodecException if it cannot go to that peer; the message says why
     */
    byte @Nullable [] replace(Object object);

    /**
     * Says that a stand-in is not sent after all, for example because something else in the graph cannot travel.
     *
     * @param bytes what {@link #replace} gave
     */
    default void forget(byte[] bytes) {}

    /**
     * The object that the bytes stand for in the message that is being decoded by the calling thread. Of an array it has
     * asked the {@link InputFilter} before it was made, by itself; a codec that counts adds it to what else is in the
     * message.
     *
     * @param bytes what {@link #replace} gave at the other end
     * @return the object
     * @throws org.processional.CodecException if the bytes stand for nothing, for what is gone, or for what is refused
     */
    @Nullable
    Object resolve(byte[] bytes);
}
