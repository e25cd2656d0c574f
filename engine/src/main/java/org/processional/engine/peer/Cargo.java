// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.processional.ConnectionException;
import org.processional.spi.Codec;
import org.processional.spi.Definition;
import org.processional.spi.FrameOutput;
import org.processional.spi.Substitution;

/**
 * What the body of a frame refers to. There are proxies: the sender counted those of its own objects; their numbers stand
 * behind the body, so that the receiver can give back those that it does not get to read. And there is shared memory,
 * which may go with the connection; a flag tells of it, so that the receiver reads it before.
 *
 * <pre>body | number i64... | how many i32</pre>
 *
 * <p><b>Threads:</b> each has its own; bodies that are written or read within others, by code of users, are told apart.
 */
final class Cargo {
    private static final int COUNT_BYTES = 4;

    /** What stands for objects of the engine in the bodies that the thread writes. */
    private static final ThreadLocal<List<byte[]>> WRITTEN = ThreadLocal.withInitial(ArrayList::new);

    /** What arrived in the body that the thread reads; null while it reads none. */
    private static final ThreadLocal<@Nullable List<Long>> ARRIVED = new ThreadLocal<>();

    private Cargo() {}

    // ---- writing

    /** A body refers to something. */
    static void add(byte[] reference) {
        WRITTEN.get().add(reference);
    }

    /** It does not after all. */
    static void forget(byte[] reference) {
        List<byte[]> written = WRITTEN.get();
        int last = written.size() - 1;
        while (last >= 0 && !Arrays.equals(written.get(last), reference)) {
            last--;
        }
        if (last >= 0) {
            written.remove(last);
        }
    }

    /**
     * Writes a body, and the numbers of proxies behind it; the frame is flagged by what is in it. Where that fails, nothing
     * that it refers to counts as sent.
     *
     * @return the definitions that must be sent before
     */
    static List<Definition> encode(@Nullable Object value, Codec codec, Substitution objects, FrameOutput out) {
        List<byte[]> written = WRITTEN.get();
        int mark = written.size();
        try {
            List<Definition> definitions = codec.encode(value, out);
            if (written.size() > mark) {
                complete(written.subList(mark, written.size()), out);
            }
            return definitions;
        } catch (Throwable e) {
            List.copyOf(written.subList(mark, written.size())).forEach(objects::forget); // by one without room, say
            throw e;
        }
    }

    private static void complete(List<byte[]> references, FrameOutput out) {
        int flags = 0;
        int counted = 0;
        for (byte[] reference : references) {
            flags |= EngineObjects.flags(reference);
            long number = EngineObjects.counted(reference);
            if (number != 0) {
                out.putLong(number);
                counted++;
            }
        }
        if ((flags & Frames.CARRIES) != 0) {
            out.putInt(counted);
        }
        Frames.addFlags(out, flags);
        references.clear();
    }

    // ---- reading

    /**
     * Takes the numbers off a body.
     *
     * @throws ConnectionException if the frame is damaged
     */
    static List<Long> take(ByteBuffer body) {
        int end = body.limit() - COUNT_BYTES;
        int count = end < body.position() ? -1 : body.getInt(end);
        if (count < 0 || count > (end - body.position()) / Long.BYTES) {
            throw new ConnectionException("damaged frame: it carries " + count + " proxies");
        }
        int start = end - count * Long.BYTES;
        List<Long> numbers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            numbers.add(body.getLong(start + i * Long.BYTES));
        }
        body.limit(start);
        return numbers;
    }

    /** The thread is about to read a body; returns what {@link #endReading} is to be given. */
    static @Nullable List<Long> beginReading() {
        List<Long> outer = ARRIVED.get();
        ARRIVED.set(new ArrayList<>());
        return outer;
    }

    /** A proxy of an object of the other end was read, and gives itself back. */
    static void arrived(long number) {
        List<Long> arrived = ARRIVED.get();
        if (arrived != null) {
            arrived.add(number);
        }
    }

    /** Ends what {@link #beginReading} began; returns what arrived. */
    static List<Long> endReading(@Nullable List<Long> outer) {
        List<Long> arrived = ARRIVED.get();
        if (outer == null) {
            ARRIVED.remove();
        } else {
            ARRIVED.set(outer);
        }
        return arrived == null ? List.of() : arrived;
    }
}
