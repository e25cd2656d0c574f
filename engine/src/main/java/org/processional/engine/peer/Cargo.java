// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.processional.ConnectionException;
import org.processional.spi.FrameOutput;

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
    /** A proxy that is not counted here. */
    static final long UNCOUNTED = 0;

    /** Shared memory. */
    static final long MEMORY = Long.MIN_VALUE;

    private static final int COUNT_BYTES = 4;

    /** What the thread has put into the bodies that it writes: numbers of objects, and the two above. */
    private static final ThreadLocal<@Nullable List<Long>> WRITTEN = new ThreadLocal<>();

    /** What arrived in the body that the thread reads; null while it reads none. */
    private static final ThreadLocal<@Nullable List<Long>> ARRIVED = new ThreadLocal<>();

    private Cargo() {}

    // ---- writing

    /** Where a body begins that the thread is about to write; for {@link #complete} and {@link #drop}. */
    static int mark() {
        List<Long> written = WRITTEN.get();
        return written == null ? 0 : written.size();
    }

    /** A proxy was written, or shared memory. */
    static void add(long number) {
        List<Long> written = WRITTEN.get();
        if (written == null) {
            written = new ArrayList<>();
            WRITTEN.set(written);
        }
        written.add(number);
    }

    /** What was written is not sent after all. */
    static void forget(long number) {
        List<Long> written = WRITTEN.get();
        int last = written == null ? -1 : written.lastIndexOf(number);
        if (written != null && last >= 0) {
            written.remove(last);
        }
    }

    /** The body is not sent, and what it refers to is not remembered. */
    static void drop(int mark) {
        List<Long> written = WRITTEN.get();
        if (written == null || mark == 0) {
            WRITTEN.remove();
        } else {
            written.subList(mark, written.size()).clear();
        }
    }

    /**
     * Writes the numbers behind a body, if there are proxies in it.
     *
     * @return the flags of the frame that say what the body refers to
     */
    private static int write(int mark, FrameOutput out) {
        List<Long> written = WRITTEN.get();
        if (written == null || written.size() <= mark) {
            return 0;
        }
        int flags = 0;
        int counted = 0;
        for (long number : written.subList(mark, written.size())) {
            flags |= number == MEMORY ? Frames.SHARES : Frames.CARRIES;
            if (number != MEMORY && number != UNCOUNTED) {
                out.putLong(number);
                counted++;
            }
        }
        if ((flags & Frames.CARRIES) != 0) {
            out.putInt(counted);
        }
        drop(mark);
        return flags;
    }

    /**
     * Completes a frame whose body was written: it is flagged by what is in it, and the numbers of proxies follow.
     *
     * @param mark what {@link #mark} was before the body was written
     * @return whether there are proxies in it
     */
    static boolean complete(int mark, FrameOutput out, int flags) {
        int cargo = write(mark, out);
        if (cargo != 0) {
            Frames.flags(out, flags | cargo);
        }
        return (cargo & Frames.CARRIES) != 0;
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
