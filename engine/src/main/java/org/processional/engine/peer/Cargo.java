// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

    private static final ThreadLocal<Bodies> BODIES = ThreadLocal.withInitial(Bodies::new);

    private static final Object UNREAD = new Object();

    private final ByteBuffer references;
    private final int[] starts; // of each, and the end of the last one with its length
    private final @Nullable Object[] objects; // UNREAD, or what was read, until the end of the body
    private int unread;

    private Cargo(ByteBuffer references, int[] starts) {
        this.references = references;
        this.starts = starts;
        this.unread = starts.length - 1;
        this.objects = new Object[unread];
        Arrays.fill(objects, UNREAD);
    }

    // ---- writing

    /** The bodies that a thread writes and reads: the innermost one, and the references of those around it. */
    private static final class Bodies {
        final List<byte[]> written = new ArrayList<>();
        int start; // where the references of the innermost begin
        int flags; // of its frame

        @Nullable
        Cargo read; // of the innermost that is read; null while none is

        List<byte[]> writtenNow() {
            return written.subList(start, written.size());
        }

        void clear() {
            if (written.size() > start) {
                writtenNow().clear();
            }
        }
    }

    /** Who counts what is on its way, and makes objects of it. */
    interface Counts {
        /** What was counted is not sent after all. */
        void uncount(byte[] reference);

        /** Makes what has arrived an object, which is in charge of it from now on; so is whoever sees this fail. */
        Object read(ByteBuffer reference);
    }

    /** The body refers to something that is not counted: its frame is flagged. */
    static void flag(int flags) {
        BODIES.get().flags |= flags;
    }

    /**
     * The body refers to something that was counted.
     *
     * @return its number
     */
    static int add(byte[] reference, int flags) {
        Bodies here = BODIES.get();
        here.flags |= flags;
        here.written.add(reference);
        return here.written.size() - here.start - 1;
    }

    /** It does not after all; returns what it referred to. */
    static byte[] remove(int number) {
        Bodies here = BODIES.get();
        return here.written.set(here.start + number, NONE);
    }

    /**
     * Writes a body, and behind it what it refers to; the frame is flagged by that. Where that fails, nothing that it
     * refers to counts as sent.
     *
     * @return the definitions that must be sent before
     */
    static List<Definition> encode(@Nullable Object value, Codec codec, Counts counts, FrameOutput out) {
        Bodies here = BODIES.get();
        int outerStart = here.start;
        int outerFlags = here.flags;
        here.start = here.written.size();
        here.flags = 0;
        try {
            List<Definition> definitions = codec.encode(value, out);
            if (here.flags != 0) {
                complete(here, out);
            }
            return definitions;
        } catch (Throwable e) { // there is no room, say
            List.copyOf(here.writtenNow()).forEach(counts::uncount);
            throw e;
        } finally {
            here.clear();
            here.start = outerStart;
            here.flags = outerFlags;
        }
    }

    private static void complete(Bodies here, FrameOutput out) {
        List<byte[]> written = here.written;
        for (int i = here.start; i < written.size(); i++) {
            byte[] reference = written.get(i);
            out.put(reference, 0, reference.length);
            out.putByte(reference.length);
        }
        out.putInt(written.size() - here.start);
        Frames.addFlags(out, here.flags);
    }

    // ---- reading

    /**
     * Takes the references off a body.
     *
     * @throws ConnectionException if the frame is damaged
     */
    static Cargo take(ByteBuffer body) {
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
        return new Cargo(references, starts);
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
        Bodies here = BODIES.get();
        Cargo outer = here.read;
        here.read = this;
        try {
            return reading.get();
        } finally {
            here.read = outer;
        }
    }

    /**
     * What a number in the body that the thread reads stands for: the same object each time.
     *
     * @throws CodecException if the body is damaged
     */
    static Object resolve(int number, Counts counts) {
        Cargo here = BODIES.get().read;
        if (here == null || number < 0 || number >= here.objects.length) {
            throw new CodecException("damaged message: there is no reference " + number + " behind it");
        }
        Object object = here.objects[number];
        if (object == UNREAD) {
            here.objects[number] = null;
            here.unread--;
            object = counts.read(here.reference(number));
            here.objects[number] = object;
        }
        if (object == null) {
            throw new CodecException("damaged message: reference " + number + " behind it could not be read");
        }
        return object;
    }

    /** Nothing is read from now on; returns what was not. */
    List<byte[]> end() {
        List<byte[]> left = unread == 0 ? List.of() : new ArrayList<>(unread);
        for (int i = 0; i < objects.length; i++) {
            if (objects[i] == UNREAD) {
                ByteBuffer reference = reference(i);
                byte[] bytes = new byte[reference.remaining()];
                reference.get(bytes);
                left.add(bytes);
            }
            objects[i] = null;
        }
        return left;
    }
}
