// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.io.ObjectInputFilter;
import java.lang.reflect.Array;
import java.nio.Buffer;
import org.jspecify.annotations.Nullable;
import org.processional.spi.InputFilter;

/**
 * What has been read of one body, for a filter that counts.
 *
 * <p><b>Threads:</b> one thread at a time.
 */
final class Tally implements ObjectInputFilter.FilterInfo {
    private static final int NO_ARRAY = -1;

    private final InputFilter filter;
    private @Nullable Class<?> type;
    private long length = NO_ARRAY;
    private long depth;
    private long references;
    private long bytes;

    Tally(InputFilter filter) {
        this.filter = filter;
    }

    /**
     * Begins a body: its length alone may be too much.
     *
     * @param size its length: what a filter says of its bytes holds for the whole of it
     */
    void begin(int size) {
        bytes = size;
        references = 1; // the root comes
        ask(null, NO_ARRAY, 1);
        references = 0;
    }

    /** An object comes, which is not one that came before. */
    void object(int at) {
        references++;
        ask(null, NO_ARRAY, at);
    }

    /** Elements come. */
    void elements(@Nullable Class<?> array, long count, int at) {
        ask(array, count, at);
    }

    /**
     * What was not in the body has come, and is in the place of something that was: an array has bytes of its own, which
     * are copied; of everything else but buffers nothing is counted.
     */
    void aside(@Nullable Object object, int at) {
        if (object != null && object.getClass().isArray()) {
            int length = Array.getLength(object);
            bytes += (long) length * PrimitiveArrays.width(object);
            elements(object.getClass(), length, at);
        } else if (object instanceof Buffer buffer) {
            elements(null, buffer.capacity(), at);
        }
    }

    /** An object comes, or has come, that somebody else counts. */
    void object(long number, int at) {
        references = number;
        ask(null, NO_ARRAY, at);
    }

    private void ask(@Nullable Class<?> array, long count, int at) {
        type = array;
        length = count;
        depth = at;
        try {
            filter.count(this);
        } finally {
            type = null;
        }
    }

    @Override
    public @Nullable Class<?> serialClass() {
        return type;
    }

    @Override
    public long arrayLength() {
        return length;
    }

    @Override
    public long depth() {
        return depth;
    }

    @Override
    public long references() {
        return references;
    }

    @Override
    public long streamBytes() {
        return bytes;
    }
}
