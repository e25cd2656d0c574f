// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.memory;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.processional.SharedMemoryException;

/**
 * The file of a segment of another process, read once while its reference is on its way: who sent it keeps the file until
 * then, so no lock is needed here, and none is lost with the descriptor (see {@link SegmentFile}).
 *
 * <p><b>Threads:</b> one.
 */
final class PassingFile implements AutoCloseable {
    private static final Set<StandardOpenOption> OLD = Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);

    private final Path path;
    private final SegmentHeader header;

    /**
     * The file of a segment that this process does not have open.
     *
     * @throws java.nio.file.NoSuchFileException if there is none
     */
    PassingFile(Path path) throws IOException {
        this.path = path;
        this.header = new SegmentHeader(Undisturbed.run(() -> {
            try (FileChannel channel = FileChannel.open(path, OLD)) {
                if (channel.size() < SegmentHeader.BYTES) { // which the mapping would add
                    throw new SharedMemoryException("damaged message: " + path + " is no shared memory");
                }
                return channel.map(FileChannel.MapMode.READ_WRITE, 0, SegmentHeader.BYTES);
            }
        }));
    }

    long size() {
        return header.size();
    }

    /** Copies the beginning of the content. */
    void copyTo(PrimitiveArray array) throws IOException {
        Undisturbed.run(() -> {
            try (FileChannel channel = FileChannel.open(path, OLD)) {
                return array.read(channel, SegmentHeader.BYTES);
            }
        });
    }

    /** The reference has arrived. */
    @Override
    public void close() {
        header.addFlights(-1);
    }
}
