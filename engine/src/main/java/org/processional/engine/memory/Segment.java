// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.memory;

import java.lang.ref.Cleaner;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.processional.SharedMemoryException;
import org.processional.engine.task.Cleaners;

/**
 * A segment as this process has it: mapped once, in windows of up to 2 GiB which begin every GiB, so that a view of up to
 * 1 GiB lies within one. Buffers hold their window, and not the segment.
 *
 * <p><b>Threads:</b> everything from any thread.
 */
final class Segment {
    private static final long STEP = 1L << 30;

    private final SegmentFile file;
    private final long size;
    private int handles; // guarded by the lock of Segments
    private boolean closed; // when the last of them was; guarded by the same
    private final Cleaner.Cleanable release;
    private final AtomicReferenceArray<@Nullable MappedByteBuffer> windows;

    /** A segment without handles, for a file that is open. */
    Segment(SegmentFile file) {
        this.file = file;
        this.size = file.header().size();
        this.windows = new AtomicReferenceArray<>((int) ((size + STEP - 1) / STEP));
        this.release = Cleaners.SHARED.register(this, new Release(file));
    }

    /** Nothing here leads to the segment any more; holds the file, never the segment. */
    private record Release(SegmentFile file) implements Runnable {
        @Override
        public void run() {
            Segments.dropped(file);
        }
    }

    long size() {
        return size;
    }

    SegmentFile file() {
        return file;
    }

    /**
     * Makes a handle on a part.
     *
     * @throws SharedMemoryException if the last one was closed meanwhile
     */
    MappedMemory handle(long offset, long length) {
        return Segments.locked(() -> {
            if (closed) {
                throw new SharedMemoryException(this + " is closed; use it before close()");
            }
            handles++;
            return new MappedMemory(this, offset, length);
        });
    }

    /** A handle was closed; the last one gives the file up. */
    void handleClosed() {
        Segments.locked(() -> {
            if (--handles == 0) { // under the lock: else somebody could find it meanwhile, and make another in vain
                closed = true;
                Segments.giveUp(file);
                release.clean();
            }
            return this;
        });
    }

    /** Whether references to its file are to be opened with it; asked under the lock of {@link Segments}. */
    boolean isCurrent() {
        return file.held && !closed;
    }

    /** A buffer over a part of the content. */
    ByteBuffer buffer(long offset, int length) {
        int number = (int) Math.min(offset / STEP, windows.length() - 1L);
        long start = number * STEP;
        long end = Math.min(size, start + Integer.MAX_VALUE);
        if (offset + length > end) {
            return map(offset, length).slice(); // longer than a window has room for: a mapping of its own
        }
        MappedByteBuffer window = windows.get(number);
        if (window == null) {
            window = map(start, end - start);
            windows.set(number, window);
        }
        return window.slice((int) (offset - start), length);
    }

    /** A buffer of a type over a part of the content. */
    Buffer view(ViewKind kind, long offset, int count, ByteOrder order) {
        long bytes = (long) count * kind.width;
        if (bytes > Integer.MAX_VALUE) {
            throw new SharedMemoryException("a view of " + bytes + " bytes is larger than a buffer can be (2 GiB)");
        }
        return kind.over(buffer(offset, (int) bytes).order(order));
    }

    private MappedByteBuffer map(long start, long bytes) {
        return Segments.locked(() -> {
            for (Windows.Window window : file.windows) { // of another segment of the file, or another thread
                MappedByteBuffer there = window.part(start, bytes);
                if (there != null) {
                    return there;
                }
            }
            MappedByteBuffer mapped = file.map(start, bytes);
            file.windows.add(Windows.add(file, start, mapped));
            return mapped;
        });
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
