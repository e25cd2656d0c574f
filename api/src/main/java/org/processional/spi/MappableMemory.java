// SPDX-License-Identifier: Apache-2.0
package org.processional.spi;

import java.io.IOException;
import java.nio.channels.FileChannel;
import org.processional.SharedMemory;

/**
 * Shared memory whose file others may map in their own way, such as a module for a later JDK.
 *
 * <p><b>Threads:</b> as {@link SharedMemory} says.
 *
 * @since 0.1
 */
public interface MappableMemory extends SharedMemory {
    /**
     * A way to map a part of a file.
     *
     * @param <T> what comes of it
     */
    @FunctionalInterface
    interface Mapping<T> {
        /**
         * Maps a part.
         *
         * @param channel the file, open to read and write; not to be kept, nor closed: that would give up locks
         * @param position where the part begins, in bytes
         * @param bytes its length
         * @return what was mapped
         * @throws IOException if it cannot be mapped
         */
        T map(FileChannel channel, long position, long bytes) throws IOException;
    }

    /**
     * Maps this memory once more.
     *
     * @param mapping how
     * @param <T> what comes of it
     * @return what it gave
     * @throws IOException what it threw
     * @throws org.processional.SharedMemoryException if this is closed
     */
    <T> T map(Mapping<T> mapping) throws IOException;
}
