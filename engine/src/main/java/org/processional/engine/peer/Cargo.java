// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;
import org.processional.ConnectionException;
import org.processional.spi.Codec;
import org.processional.spi.Definition;
import org.processional.spi.FrameOutput;

/**
 * What the body of a frame refers to and its sender has counted: proxies, and shared memory, which waits until the
 * reference has arrived. The references stand behind the body, which has their numbers, so that the receiver can give back
 * what it does not get to read.
 *
 * <pre>body | (reference | its length u8)... | how many i32</pre>
 *
 * <p><b>Threads:</b> what is written belongs to its thread, and bodies that are written or read within others, by code of
 * users, are told apart; what has arrived is read by one thread.
 */
final class Cargo {
    private static final int COUNT_BYTES = 4;

    /** In place of a reference that is not needed after all, since those behind it have their numbers. */
    private static final byte[] NONE = {0};

    /**
     * The references of the bodies that the thread writes, those of the innermost behind the others; where these begin, and
     * the flags of its frame. Of classes of the JDK, since it stays in threads that are not ours.
     */
    private static final ThreadLocal<Map.Entry<List<byte[]>, int[]>> WRITTEN =
            ThreadLocal.withInitial(() -> Map.entry(new ArrayList<>(), new int[2]));

    private static final int START = 0;
    private static final int FLAGS = 1;

    /** What came with the body that the thread reads; null while it reads none. */
    private static final ThreadLocal<@Nullable Cargo> READ = new ThreadLocal<>();

    private static final Object UNREAD = new Object();
    private static final Object[] NOTHING = {};

    private final Counts counts;
    private final ByteBuffer references;
    private final int[] starts; // of each, and the end of the last one with its length
    private @Nullable Object[] objects = NOTHING; // UNREAD; what was read; null where that fails

    private Cargo(Counts counts, ByteBuffer references, int[] starts) {
        this.counts = counts;
        this.references = references;
        this.starts = starts;
    }

    // ---- writing

    /** Who counts what is on its way over a connection. */
    interface Counts {
        /** What was counted is not sent after all. */
        void uncount(byte[] reference);

        /** Makes what has arrived an object, which is in charge of it from now on; so is whoever sees this fail. */
        Object read(ByteBuffer reference);

        /** What has arrived is not read; throws nothing. */
        void giveBack(ByteBuffer reference);
    }

    /** The body refers to something that is not counted: its frame is flagged. */
    static void flag(int flags) {
        WRITTEN.get().getValue()[FLAGS] |= flags;
    }

    /**
     * The body refers to something that was counted.
     *
     * @return its number
     */
    static int add(byte[] reference, int flags) {
        Map.Entry<List<byte[]>, int[]> here = WRITTEN.get();
        List<byte[]> written = here.getKey();
        int[] body = here.getValue();
        body[FLAGS] |= flags;
        written.add(reference);
        return written.size() - body[START] - 1;
    }

    /** It does not after all; returns what it referred to. */
    static byte[] remove(int number) {
        Map.Entry<List<byte[]>, int[]> here = WRITTEN.get();
        return here.getKey().set(here.getValue()[START] + number, NONE);
    }

    /**
     * Writes a body, and behind it what it refers to; the frame is flagged by that. Where that fails, nothing that it
     * refers to counts as sent.
     *
     * @return the definitions that must be sent before
     */
    static List<Definition> encode(@Nullable Object value, Codec codec, Counts counts, FrameOutput out) {
        Map.Entry<List<byte[]>, int[]> here = WRITTEN.get();
        List<byte[]> written = here.getKey();
        int[] body = here.getValue();
        int outerStart = body[START];
        int outerFlags = body[FLAGS];
        int start = written.size();
        body[START] = start;
        body[FLAGS] = 0;
        try {
            List<Definition> definitions = codec.encode(value, out);
            if (body[FLAGS] != 0) {
                complete(written, start, out);
                Frames.addFlags(out, body[FLAGS]);
            }
            return definitions;
        } catch (Throwable e) { // there is no room, say
            written.subList(start, written.size()).forEach(counts::uncount);
            throw e;
        } finally {
            if (written.size() > start) {
                written.subList(start, written.size()).clear();
            }
            body[START] = outerStart;
            body[FLAGS] = outerFlags;
        }
    }

    private static void complete(List<byte[]> written, int start, FrameOutput out) {
        for (int i = start; i < written.size(); i++) {
            byte[] reference = written.get(i);
            out.put(reference, 0, reference.length);
            out.putByte(reference.length);
        }
        out.putInt(written.size() - start);
    }

    // ---- reading

    /**
     * Takes the references off a body.
     *
     * @param counts of the connection by which it came
     * @throws ConnectionException if the frame is damaged
     */
    static Cargo take(ByteBuffer body, Counts counts) {
        int at = body.limit() - COUNT_BYTES;
        int count = at < body.position() ? -1 : body.getInt(at);
        if (count < 0 || count > (at - body.position()) / 2) {
            throw damaged(count);
        }
        ByteBuffer references = body.duplicate();
        int[] starts = new int[count + 1];
        starts[count] = at;
        for (int i = count - 1; i >= 0; i--) {
            int length = --at < body.position() ? -1 : body.get(at) & 0xff;
            if (length <= 0 || length > at - body.position()) {
                throw damaged(count);
            }
            at -= length;
            starts[i] = at;
        }
        body.limit(at);
        return new Cargo(counts, references, starts);
    }

    /** The reference of a number. */
    private ByteBuffer reference(int number) {
        return references.limit(starts[number + 1] - 1).position(starts[number]);
    }

    private static ConnectionException damaged(int count) {
        return new ConnectionException(
                "damaged frame: it refers to " + count + " proxies and segments of shared memory");
    }

    /** Reads the body. */
    <T extends @Nullable Object> T read(Supplier<T> reading) {
        objects = new Object[starts.length - 1];
        Arrays.fill(objects, UNREAD);
        Cargo outer = READ.get();
        READ.set(this);
        try {
            return reading.get();
        } finally {
            READ.set(outer); // also null: to remove and enter it anew would cost more than the rest of this
        }
    }

    /**
     * What a number in the body that the thread reads stands for: the same object each time.
     *
     * @param counts of the connection by which the number came; a body without references may be read within another one
     * @throws CodecException if the body is damaged
     */
    static Object resolve(int number, Counts counts) {
        Cargo here = READ.get();
        if (here == null || here.counts != counts || number < 0 || number >= here.objects.length) {
            throw new CodecException("damaged message: there is no reference " + number + " behind it");
        }
        Object object = here.objects[number];
        if (object == UNREAD) {
            here.objects[number] = null;
            object = counts.read(here.reference(number));
            here.objects[number] = object;
        }
        if (object == null) {
            throw new CodecException("damaged message: reference " + number + " behind it could not be read");
        }
        return object;
    }

    /** Nothing is read from now on: what was not is given back. */
    void end() {
        boolean wasRead = objects != NOTHING;
        for (int i = 0; i < starts.length - 1; i++) {
            if (!wasRead || objects[i] == UNREAD) {
                counts.giveBack(reference(i));
            }
        }
        objects = NOTHING;
    }
}
