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
 * What the body of a frame refers to: proxies, which the sender has counted, and shared memory, which it keeps until the
 * reference has arrived. A copy of each reference stands behind the body, so that the receiver can give back what it does
 * not get to read.
 *
 * <pre>body | (reference | its length u8)... | how many i32</pre>
 *
 * <p><b>Threads:</b> each has its own; bodies that are written or read within others, by code of users, are told apart.
 */
final class Cargo {
    private static final int COUNT_BYTES = 4;

    /** What stands for objects of the engine in the bodies that the thread writes. */
    private static final ThreadLocal<List<byte[]>> WRITTEN = ThreadLocal.withInitial(ArrayList::new);

    /** What arrived in the body that the thread reads; null while it reads none. */
    private static final ThreadLocal<@Nullable List<byte[]>> ARRIVED = new ThreadLocal<>();

    private Cargo() {}

    // ---- writing

    /** A body refers to something. */
    static void add(byte[] reference) {
        WRITTEN.get().add(reference);
    }

    /** It does not after all. */
    static void forget(byte[] reference) {
        remove(reference, WRITTEN.get());
    }

    /** Removes the last one that is equal; false if there is none. */
    private static boolean remove(byte[] reference, List<byte[]> from) {
        int last = from.size() - 1;
        while (last >= 0 && !Arrays.equals(from.get(last), reference)) {
            last--;
        }
        return last >= 0 && from.remove(last) != null;
    }

    /**
     * Writes a body, and behind it what it refers to; the frame is flagged by that. Where that fails, nothing that it
     * refers to counts as sent.
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
            if (EngineObjects.isCounted(reference)) {
                out.put(reference, 0, reference.length);
                out.putByte(reference.length);
                counted++;
            }
        }
        if (flags != 0) {
            out.putInt(counted);
        }
        Frames.addFlags(out, flags);
        references.clear();
    }

    // ---- reading

    /**
     * Takes the references off a body.
     *
     * @throws ConnectionException if the frame is damaged
     */
    static List<byte[]> take(ByteBuffer body) {
        int at = body.limit() - COUNT_BYTES;
        int count = at < body.position() ? -1 : body.getInt(at);
        if (count < 0 || count > (at - body.position()) / 2) {
            throw damaged(count);
        }
        byte[][] references = new byte[count][];
        for (int i = count - 1; i >= 0; i--) {
            int length = --at < body.position() ? -1 : body.get(at) & 0xff;
            if (length <= 0 || length > at - body.position()) {
                throw damaged(count);
            }
            at -= length;
            references[i] = new byte[length];
            body.get(at, references[i]);
        }
        body.limit(at);
        return List.of(references);
    }

    private static ConnectionException damaged(int count) {
        return new ConnectionException(
                "damaged frame: it refers to " + count + " proxies and segments of shared memory");
    }

    /** The thread is about to read a body; returns what {@link #endReading} is to be given. */
    static @Nullable List<byte[]> beginReading() {
        List<byte[]> outer = ARRIVED.get();
        ARRIVED.set(new ArrayList<>());
        return outer;
    }

    /** What was counted is read: by what is made of it, it gives itself back. */
    static void arrived(byte[] reference) {
        List<byte[]> arrived = ARRIVED.get();
        if (arrived != null) {
            arrived.add(reference);
        }
    }

    /** Ends what {@link #beginReading} began; returns what arrived. */
    static List<byte[]> endReading(@Nullable List<byte[]> outer) {
        List<byte[]> arrived = ARRIVED.get();
        if (outer == null) {
            ARRIVED.remove();
        } else {
            ARRIVED.set(outer);
        }
        return arrived == null ? List.of() : arrived;
    }

    /** Those of the references of a body that did not arrive. */
    static List<byte[]> unread(List<byte[]> references, List<byte[]> arrived) {
        List<byte[]> unread = new ArrayList<>();
        for (byte[] reference : references) {
            if (!remove(reference, arrived)) {
                unread.add(reference);
            }
        }
        return unread;
    }
}
