// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.memory;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.processional.SharedMemoryException;

/**
 * Where in a segment a buffer looks: known for every buffer that was given out, by its identity, as long as somebody has
 * the buffer. While it is known, it keeps the segment.
 *
 * @param segment the segment
 * @param kind the type of the buffer
 * @param offset where it begins in the segment, in bytes
 * @param count number of elements
 */
record View(Segment segment, Kind kind, long offset, int count) {
    /** Types of buffers. */
    enum Kind {
        BYTES(1, 1),
        INTS(2, 4),
        LONGS(3, 8),
        FLOATS(4, 4),
        DOUBLES(5, 8);

        /** On the wire. */
        final int code;

        /** Bytes of an element. */
        final int width;

        Kind(int code, int width) {
            this.code = code;
            this.width = width;
        }

        /** The type of a code; null if there is none. */
        static @Nullable Kind of(int code) {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            return null;
        }
    }

    private static final Map<Object, View> VIEWS = new HashMap<>(); // guarded by itself; keys: Key
    private static final ReferenceQueue<Buffer> GONE = new ReferenceQueue<>();

    /** A buffer that is looked for, by identity. It asks: the map calls equals of what it is given. */
    private record Sought(Buffer buffer) {
        @Override
        public int hashCode() {
            return System.identityHashCode(buffer);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && key.get() == buffer;
        }
    }

    /** Finds a buffer by identity: equals of buffers compares contents. */
    private static final class Key extends WeakReference<Buffer> {
        private final int hash;

        Key(Buffer buffer) {
            super(buffer, GONE);
            hash = System.identityHashCode(buffer);
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other; // no buffer is given out twice
        }
    }

    /** Makes the buffer, and remembers it. */
    Buffer buffer(ByteOrder order) {
        long bytes = (long) count * kind.width;
        if (bytes > Integer.MAX_VALUE) {
            throw new SharedMemoryException("a view of " + bytes + " bytes is larger than a buffer can be (2 GiB)");
        }
        ByteBuffer base = segment.buffer(offset, (int) bytes).order(order);
        Buffer view = switch (kind) {
            case BYTES -> base;
            case INTS -> base.asIntBuffer();
            case LONGS -> base.asLongBuffer();
            case FLOATS -> base.asFloatBuffer();
            case DOUBLES -> base.asDoubleBuffer();
        };
        synchronized (VIEWS) {
            for (Object gone = GONE.poll(); gone != null; gone = GONE.poll()) {
                VIEWS.remove(gone);
            }
            VIEWS.put(new Key(view), this);
        }
        return view;
    }

    /** Where a buffer looks; null for one that was not given out here. */
    static @Nullable View of(Buffer buffer) {
        synchronized (VIEWS) {
            return VIEWS.get(new Sought(buffer));
        }
    }
}
