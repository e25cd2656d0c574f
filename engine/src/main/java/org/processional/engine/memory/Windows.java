// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.memory;

import java.lang.ref.WeakReference;
import java.nio.MappedByteBuffer;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.processional.engine.task.Cleaners;

/**
 * The parts of files that are mapped here, by their addresses: they tell which buffers look at shared memory, and where,
 * whoever made them of which other buffer. A window is there as long as somebody has a buffer of it.
 *
 * <p><b>Threads:</b> from any thread, under one lock; nothing else is locked meanwhile.
 */
final class Windows {
    private static final Set<Window> NEW =
            new HashSet<>(); // since a buffer was looked for; guarded by the class, as all
    private static final NavigableMap<Long, Window> BY_ADDRESS = new TreeMap<>(); // the others
    private static @Nullable Window latest; // that was found
    private static volatile boolean used; // set once

    private Windows() {}

    /** A part of a file; the buffer that was mapped is what all others of it refer to. */
    static final class Window extends WeakReference<MappedByteBuffer> {
        final SegmentFile file;
        private final long start; // in the content of the file
        private final long bytes;
        private long address; // once it is among those by address; guarded by the class

        private Window(SegmentFile file, long start, MappedByteBuffer mapped) {
            super(mapped);
            this.file = file;
            this.start = start;
            this.bytes = mapped.capacity();
        }

        /** Where in the content of the file an address is. */
        long offset(long at) {
            return start + at - address;
        }

        private boolean holds(long at, long length) {
            boolean within = at >= address && at + length <= address + bytes;
            return within && get() != null; // where it was may be something else
        }

        /** The buffer that was mapped, if it is of this part and somebody has it. */
        @Nullable
        MappedByteBuffer part(long from, long length) {
            return start == from && bytes == length ? get() : null;
        }
    }

    /** Whether anything was ever mapped: if not, no buffer need be looked for. */
    static boolean areUsed() {
        return used;
    }

    /** A part of a file was mapped. */
    static Window add(SegmentFile file, long start, MappedByteBuffer mapped) {
        used = true;
        Window window = new Window(file, start, mapped);
        synchronized (Windows.class) {
            NEW.add(window);
        }
        Cleaners.SHARED.register(mapped, () -> {
            remove(window);
            Segments.dropped(window);
        });
        return window;
    }

    private static synchronized void remove(Window window) {
        NEW.remove(window);
        BY_ADDRESS.remove(window.address, window);
        if (latest == window) {
            latest = null;
        }
    }

    /**
     * The window through which a direct buffer looks; null if that is not of shared memory.
     *
     * @param address where it begins
     * @param bytes how long it is
     */
    static synchronized @Nullable Window at(long address, long bytes) {
        Window last = latest;
        if (last != null && last.holds(address, bytes)) {
            return last;
        }
        locateNew();
        Map.Entry<Long, Window> entry = BY_ADDRESS.floorEntry(address);
        while (entry != null && entry.getValue().get() == null) { // it is gone
            entry = BY_ADDRESS.lowerEntry(entry.getKey());
        }
        if (entry == null || !entry.getValue().holds(address, bytes)) {
            return null;
        }
        latest = entry.getValue();
        return latest;
    }

    /** Not done when they are mapped: who sends no buffers needs no addresses, and the first takes 10 to 20 ms. */
    private static void locateNew() { // guarded by the class
        for (Window window : NEW) {
            MappedByteBuffer mapped = window.get();
            if (mapped != null) {
                window.address = BufferAddress.of(mapped, 1);
                BY_ADDRESS.put(window.address, window);
            }
        }
        NEW.clear();
    }
}
