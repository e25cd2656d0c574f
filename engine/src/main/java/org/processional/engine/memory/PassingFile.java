// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.memory;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.processional.SharedMemoryException;

/**
 * The file of a segment of another process, read once while its reference is on its way: who sent it keeps the file until
 * then, so no lock is needed here, and none is lost with the descriptor (see {@link SegmentFile}).
 *
 * <p><b>Threads:</b> one.
 */
final class PassingFile implements AutoCloseable {
    private final Path path;
    private final SegmentHeader header;
    private FileChannel channel;

    private PassingFile(Path path, FileChannel channel) throws IOException {
        if (channel.size() < SegmentHeader.BYTES) { // which the mapping would add
            throw damaged(path);
        }
        this.path = path;
        this.channel = channel;
        this.header = new SegmentHeader(channel.map(FileChannel.MapMode.READ_WRITE, 0, SegmentHeader.BYTES));
        if (!header.isValid()) {
            throw damaged(path);
        }
    }

    /**
     * Opens the file of a segment that this process does not have open.
     *
     * @throws java.nio.file.NoSuchFileException if there is none
     * @throws SharedMemoryException if it is something else
     */
    static PassingFile open(Path path) throws IOException {
        return Undisturbed.run(() -> {
            FileChannel channel = OwnFile.open(path);
            try {
                return new PassingFile(path, channel);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        });
    }

    private static SharedMemoryException damaged(Path path) {
        return new SharedMemoryException("damaged message: " + path + " is no shared memory");
    }

    long size() {
        return header.size();
    }

    /** Copies the beginning of the content. */
    void copyTo(PrimitiveArray array) throws IOException {
        Undisturbed.run(() -> {
            if (!channel.isOpen()) {
                channel = OwnFile.open(path);
            }
            return array.read(channel, SegmentHeader.BYTES);
        });
    }

    /** The reference has arrived. */
    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            header.arrive(1);
        }
    }
}
