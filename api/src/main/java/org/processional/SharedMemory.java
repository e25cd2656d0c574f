// SPDX-License-Identifier: Apache-2.0
package org.processional;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;

/**
 * Memory that several processes of one host see at once, in a file of the RAM file system that only this user may open.
 * It travels by reference: a lambda that captures it, or a result that holds it, takes a hundred bytes whatever its size,
 * and every process maps it once. So do the views that it gives out, alone or inside any object.
 *
 * <pre>{@code
 * try (SharedMemory image = sharedMemory(4L * width * height)) {
 *     IntBuffer pixels = image.ints(0, width * height);
 *     process.invoke(() -> render(pixels));      // writes where this process reads
 * }
 * }</pre>
 *
 * <p>The file exists until every process that holds the memory has closed or dropped it, and is removed after the death
 * of all of them when the next process makes or opens shared memory. Views stay valid as long as they are reachable:
 * nothing is ever unmapped under a live view.
 *
 * <p>A view is recognized by where it looks, so that a duplicate or a slice that a buffer makes of itself travels by
 * reference as well. A read-only one does not: it travels like any other byte buffer, as a copy of its remaining bytes, and
 * buffers of other types are refused.
 *
 * <p><b>Threads:</b> everything from any thread. Nothing orders the accesses of two processes but what they do to call
 * each other: what was written before a call is seen by the function, and the other way about for its result.
 *
 * @since 0.1
 */
public interface SharedMemory extends AutoCloseable {
    /** Length in bytes. */
    long size();

    /** The file behind it, for tools. */
    Path file();

    /**
     * A part of it, which is closed by itself.
     *
     * @param offset where it begins, in bytes
     * @param size its length in bytes
     * @return the part; close it, or drop it
     * @throws IndexOutOfBoundsException if the part does not lie within this memory
     * @throws SharedMemoryException if this is closed
     */
    SharedMemory slice(long offset, long size);

    /**
     * A view of bytes, big-endian as buffers are.
     *
     * @param offset where it begins, in bytes
     * @param length number of bytes
     * @return the view; position 0, limit {@code length}
     * @throws IndexOutOfBoundsException if it does not lie within this memory
     * @throws SharedMemoryException if this is closed
     */
    ByteBuffer bytes(long offset, int length);

    /**
     * A view of all bytes.
     *
     * @return the view
     * @throws SharedMemoryException if this is closed, or larger than a buffer can be (2 GiB): use
     *     {@link #bytes(long, int)} then
     */
    default ByteBuffer bytes() {
        if (size() > Integer.MAX_VALUE) {
            throw new SharedMemoryException("a memory of " + size() + " bytes is larger than a buffer can be; use"
                    + " bytes(offset, length) for parts of it");
        }
        return bytes(0, (int) size());
    }

    /**
     * A view of numbers in the order of the machine.
     *
     * @param offset where it begins, in bytes
     * @param count number of ints
     * @return the view
     * @throws IndexOutOfBoundsException if it does not lie within this memory
     * @throws SharedMemoryException if this is closed
     */
    IntBuffer ints(long offset, int count);

    /** A view of longs; as {@link #ints}. */
    LongBuffer longs(long offset, int count);

    /** A view of floats; as {@link #ints}. */
    FloatBuffer floats(long offset, int count);

    /** A view of doubles; as {@link #ints}. */
    DoubleBuffer doubles(long offset, int count);

    /** Whether this can give views, and travel. */
    boolean isOpen();

    /**
     * Says that this process needs it no more; views stay valid. The file goes with the last process that held it.
     */
    @Override
    void close();
}
