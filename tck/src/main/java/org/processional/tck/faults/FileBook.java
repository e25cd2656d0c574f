// SPDX-License-Identifier: Apache-2.0
package org.processional.tck.faults;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A book in a mapped file: what was noted in it is there at once for who else has opened it, and also after the process
 * that noted it was killed.
 *
 * <p><b>Threads:</b> everything from any thread; one process notes, others read.
 */
final class FileBook implements Book {
    /** Many times more than any plan asks for; the file has no more blocks than are written. */
    private static final int CAPACITY = 1 << 16;

    private static final VarHandle ENTRY = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final ByteBuffer entries; // each a key + 1; 0 is not written yet
    private final AtomicInteger next = new AtomicInteger(); // of the process that notes

    private FileBook(ByteBuffer entries) {
        this.entries = entries;
    }

    /**
     * Opens a book, and makes it if it is not there.
     *
     * @throws IOException if that is not possible
     */
    static FileBook open(Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return new FileBook(channel.map(MapMode.READ_WRITE, 0, (long) CAPACITY * Long.BYTES));
        }
    }

    private long entry(int at) {
        return (long) ENTRY.getAcquire(entries, at * Long.BYTES);
    }

    @Override
    public void note(long key) {
        int at = next.getAndIncrement();
        if (at >= CAPACITY) {
            throw new IllegalStateException("task " + key + " is one more than the " + CAPACITY + " that a book holds");
        }
        ENTRY.setRelease(entries, at * Long.BYTES, key + 1);
    }

    boolean isEmpty() {
        return entry(0) == 0;
    }

    /** A process that was killed may have left a gap, where it was about to write. */
    @Override
    public List<Long> keys() {
        List<Long> keys = new ArrayList<>();
        for (int at = 0; at < CAPACITY; at++) {
            long entry = entry(at);
            if (entry != 0) {
                keys.add(entry - 1);
            }
        }
        return keys;
    }
}
