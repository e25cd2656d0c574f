// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.memory;

import java.io.IOException;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.processional.SharedMemory;
import org.processional.SharedMemoryException;
import org.processional.spi.MappableMemory;

/**
 * A part of a segment, or all of it.
 *
 * <p><b>Threads:</b> everything from any thread.
 */
final class MappedMemory implements MappableMemory {
    private static final int MOST_TIMES_TOO_LONG = 8;

    private final Segment segment;
    private final long offset;
    private final long size;
    private final AtomicBoolean closed = new AtomicBoolean();

    MappedMemory(Segment segment, long offset, long size) {
        this.segment = segment;
        this.offset = offset;
        this.size = size;
    }

    Segment segment() {
        if (closed.get()) {
            throw new SharedMemoryException(this + " is closed; use it before close()");
        }
        return segment;
    }

    long offset() {
        return offset;
    }

    /** Whether a value may be put into it: it is neither too short nor much too long, and no reference is on its way. */
    boolean isFreeFor(long bytes) {
        return size >= bytes
                && size / MOST_TIMES_TOO_LONG <= bytes
                && segment().file().header().flights() <= 0;
    }

    /** Another handle on the same. */
    MappedMemory another() {
        return segment().handle(offset, size);
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public Path file() {
        return segment.file().path();
    }

    @Override
    public SharedMemory slice(long from, long bytes) {
        Segment open = segment();
        Objects.checkFromIndexSize(from, bytes, size);
        return open.handle(offset + from, bytes);
    }

    @Override
    public ByteBuffer bytes(long from, int length) {
        return (ByteBuffer) view(ViewKind.BYTES, from, length);
    }

    @Override
    public IntBuffer ints(long from, int count) {
        return (IntBuffer) view(ViewKind.INTS, from, count);
    }

    @Override
    public LongBuffer longs(long from, int count) {
        return (LongBuffer) view(ViewKind.LONGS, from, count);
    }

    @Override
    public FloatBuffer floats(long from, int count) {
        return (FloatBuffer) view(ViewKind.FLOATS, from, count);
    }

    @Override
    public DoubleBuffer doubles(long from, int count) {
        return (DoubleBuffer) view(ViewKind.DOUBLES, from, count);
    }

    private Buffer view(ViewKind kind, long from, int count) {
        Segment open = segment();
        Objects.checkFromIndexSize(from, (long) count * kind.width, size);
        ByteOrder order = kind == ViewKind.BYTES ? ByteOrder.BIG_ENDIAN : ByteOrder.nativeOrder();
        return open.view(kind, offset + from, count, order);
    }

    @Override
    public <T> T map(Mapping<T> mapping) throws IOException {
        return segment().file().mapWith(mapping, offset, size);
    }

    @Override
    public boolean isOpen() {
        return !closed.get();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            segment.handleClosed();
        }
    }

    @Override
    public String toString() {
        return "shared memory of " + size + " bytes at " + offset + " of " + file();
    }
}
