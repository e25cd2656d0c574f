// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.memory;

import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.processional.engine.task.Cleaners;

/**
 * A segment as this process has it: mapped once, in windows of up to 2 GiB which begin every GiB, so that a view of up to
 * 1 GiB lies within one.
 *
 * <p><b>Threads:</b> everything from any thread.
 */
final class Segment {
    private static final long STEP = 1L << 30;

    private final SegmentFile file;
    private final long size;
    private final AtomicInteger handles = new AtomicInteger();
    private final byte[] names; // with which every reference to it begins
    private final Cleaner.Cleanable release;
    private final @Nullable MappedByteBuffer[] windows; // guarded by this

    /** A segment without handles, for a file that is open. */
    Segment(SegmentFile file) {
        this.file = file;
        this.size = file.header().size();
        this.names = MemoryReference.names(file);
        this.windows = new MappedByteBuffer[(int) ((size + STEP - 1) / STEP)];
        this.release = Cleaners.SHARED.register(this, new Release(file));
    }

    /** Gives the file up once nothing here leads to the segment; holds the file, never the segment. */
    private record Release(SegmentFile file) implements Runnable {
        @Override
        public void run() {
            Segments.leave(file);
        }
    }

    long size() {
        return size;
    }

    SegmentFile file() {
        return file;
    }

    /** The host and the file, as references name them. */
    byte[] names() {
        return names;
    }

    /** Whether bytes begin with its names. */
    boolean isNamedBy(ByteBuffer bytes) {
        int same = ByteBuffer.wrap(names).mismatch(bytes);
        return same < 0 || same == names.length;
    }

    /** Makes a handle on a part; for a segment that was just found, under the lock of {@link Segments}. */
    MappedMemory handle(long offset, long length) {
        handles.incrementAndGet();
        return new MappedMemory(this, offset, length);
    }

    /** A handle was closed; the last one gives the file up. */
    void handleClosed() {
        Segments.locked(() -> {
            if (handles.decrementAndGet() == 0) { // else somebody could find it meanwhile, and make another in vain
                release.clean();
            }
            return this;
        });
    }

    /** A buffer over a part of the content. */
    synchronized ByteBuffer buffer(long offset, int length) {
        int number = (int) Math.min(offset / STEP, windows.length - 1L);
        long start = number * STEP;
        long end = Math.min(size, start + Integer.MAX_VALUE);
        if (offset + length > end) {
            return file.map(offset, length); // longer than a window has room for: a mapping of its own
        }
        MappedByteBuffer window = windows[number];
        if (window == null) {
            window = file.map(start, end - start);
            windows[number] = window;
        }
        return window.slice((int) (offset - start), length);
    }

    @Override
    public String toString() {
        return "shared memory of " + size + " bytes in " + file.path();
    }
}
