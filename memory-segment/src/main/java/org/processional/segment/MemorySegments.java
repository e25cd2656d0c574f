// SPDX-License-Identifier: Apache-2.0
package org.processional.segment;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import org.processional.SharedMemory;
import org.processional.SharedMemoryException;
import org.processional.spi.MappableMemory;

/**
 * Shared memory as a {@link MemorySegment} of any size, for the API of foreign memory (JEP 454).
 *
 * <p>A segment stays in its process: send the {@link SharedMemory}, and make a segment of it there.
 *
 * <p><b>Threads:</b> from any thread.
 */
public final class MemorySegments {
    private MemorySegments() {}

    /**
     * The bytes of a shared memory, or of a slice of one.
     *
     * <p>They are mapped anew, and unmapped by the collector when nobody has the segment any more. It does not hold the
     * memory: whoever wants to send that later keeps it.
     *
     * @param memory an open one
     * @return a segment of {@code memory.size()} bytes; any thread may use it
     * @throws SharedMemoryException if the memory is closed, or cannot be mapped
     * @throws IllegalArgumentException if the memory is of an engine that does not let others map it
     */
    public static MemorySegment of(SharedMemory memory) {
        if (!(memory instanceof MappableMemory mappable)) {
            throw new IllegalArgumentException(memory + " cannot be mapped anew; use the views that it gives out");
        }
        try {
            return mappable.map((channel, position, bytes) ->
                    channel.map(FileChannel.MapMode.READ_WRITE, position, bytes, Arena.ofAuto()));
        } catch (IOException e) {
            throw new SharedMemoryException(
                    "cannot map " + memory + ": " + e.getMessage()
                            + "; the system may limit the address space or the number of mappings",
                    e);
        }
    }
}
