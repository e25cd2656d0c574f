// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.memory;

import java.io.IOException;
import java.io.ObjectInputFilter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;
import org.processional.SharedMemory;
import org.processional.SharedMemoryException;
import org.processional.engine.EngineRandom;
import org.processional.engine.Log;
import org.processional.spi.FrameOutput;
import org.processional.spi.InputFilter;
import org.processional.spi.Substitution;

/**
 * Large values on their way between two processes of one host: copied into shared memory by one and out of it by the
 * other, instead of through frames, sockets and buffers.
 *
 * <p>This end lends segments and uses each again when what was in it has been taken. The first value of a segment goes
 * through its file, at both ends: to map it costs as much as twenty values (measured where a page fault takes 20 µs), and
 * many are used once. From the second on it is mapped; but those of huge values go through the file always, and are kept
 * for a short time only. Whether the other end sees the same RAM file system (the same host, user and container) is asked
 * once, before the first large value.
 *
 * <pre>
 * a value: file string | type of the array u8, and 0x40 to read it from the file | elements i32; the content in the
 *   order of the machine
 * the question: name of a file, a line feed, the number at its beginning in hexadecimal
 * </pre>
 *
 * <p><b>Threads:</b> everything from any thread.
 */
public final class LargeValues {
    /** Arrays below this length in bytes are in the frame; where it pays was measured. */
    private static final int THRESHOLD =
            Math.max(Substitution.LARGE_BYTES, Integer.getInteger("processional.large", 128 << 10));

    /** What is lent at once for reuse, at most; further values get a segment for once. */
    private static final long POOL_BYTES = 64L << 20;

    /** How long the segment of a huge value is kept, of one above half of that. */
    private static final long SPARE_NANOS = 2_000_000_000;

    private static final int SMALLEST = 256 << 10;
    private static final int MOST_BORROWED = 64;
    private static final int FROM_FILE = 0x40;

    /** The other end of the connection. */
    public interface Partner {
        /** Whether it can answer a question, which may take a round trip; false also if that is not known now. */
        boolean sees(String question);
    }

    private enum State {
        UNKNOWN,
        SHARED,
        APART
    }

    private final Partner partner;
    private final Flights flights;
    private final InputFilter filter;
    private final long longestPooledBytes; // longer values are huge
    private final Spare spare;
    private volatile State state = State.UNKNOWN; // written by who has asked
    private final List<MappedMemory> lent = new ArrayList<>(); // guarded by this
    private final Map<String, MappedMemory> borrowed = new HashMap<>(); // guarded by this
    private long lentBytes; // guarded by this
    private long borrowedBytes; // guarded by this
    private boolean closed; // guarded by this

    /**
     * Values between this process and another.
     *
     * @param filter says how long an array may be that this end takes
     */
    public LargeValues(Partner partner, Flights flights, InputFilter filter) {
        this(partner, flights, filter, POOL_BYTES / 2, SPARE_NANOS);
    }

    /** With another length from which values are huge, and another time for which one's segment is kept. */
    LargeValues(Partner partner, Flights flights, InputFilter filter, long longestPooledBytes, long spareNanos) {
        this.partner = partner;
        this.flights = flights;
        this.filter = filter;
        this.longestPooledBytes = longestPooledBytes;
        this.spare = new Spare(flights, spareNanos);
    }

    // ---- whether both ends see the same memory

    private boolean isShared() {
        if (state == State.UNKNOWN) {
            ask();
        }
        return state == State.SHARED;
    }

    private void ask() {
        try (SharedMemory sample = Segments.create(Long.BYTES)) {
            long number = ByteBuffer.wrap(EngineRandom.bytes(Long.BYTES)).getLong();
            sample.longs(0, 1).put(0, number);
            String question = sample.file().getFileName() + "\n" + Long.toHexString(number);
            if (partner.sees(question)) {
                state = State.SHARED;
            } else if (!Thread.currentThread().isInterrupted()) { // else nobody has answered
                state = State.APART;
            }
        } catch (SharedMemoryException e) {
            state = State.APART;
            Log.engine().debug("large values go in frames", e);
        }
    }

    /** Answers the question of the other end. */
    public static boolean answer(String question) {
        int end = question.indexOf('\n');
        if (end < 0) {
            return false;
        }
        try (MappedMemory sample = Segments.open(question.substring(0, end))) {
            return sample.size() == Long.BYTES
                    && Long.toHexString(sample.longs(0, 1).get(0)).equals(question.substring(end + 1));
        } catch (SharedMemoryException e) {
            return false;
        }
    }

    // ---- lending

    /**
     * Copies a large array into shared memory.
     *
     * @param array an array of primitives
     * @param out takes what stands for it
     * @return false if it must go in the frame: it is small, or the other end cannot see it
     */
    public boolean write(Object array, FrameOutput out) {
        PrimitiveArray values = PrimitiveArray.of(array);
        if (values == null || values.bytes() < THRESHOLD || values.bytes() > Integer.MAX_VALUE || !isShared()) {
            return false;
        }
        MappedMemory free = isHuge(values) ? spare.take(values.bytes()) : takeFree(values.bytes());
        boolean fromFile = free == null || isHuge(values);
        try (MappedMemory memory = free == null ? make(values) : fill(free, values)) { // not kept: lingers until read
            out.putString(memory.file().getFileName().toString());
        } catch (SharedMemoryException e) {
            Log.engine().debug("no room to share a value of {} bytes, so it goes in a frame", values.bytes(), e);
            return false;
        }
        out.putByte(fromFile ? values.type() | FROM_FILE : values.type());
        out.putInt(values.length());
        return true;
    }

    private boolean isHuge(PrimitiveArray values) {
        return values.bytes() > longestPooledBytes;
    }

    /** Whether the bytes of a buffer are better sent as a view of shared memory. */
    public boolean isLarge(ByteBuffer buffer) {
        return buffer.remaining() >= THRESHOLD && isShared();
    }

    /** Makes a segment of a value, counted as on its way; a handle of the caller's own. */
    private MappedMemory make(PrimitiveArray values) {
        int bytes = (int) values.bytes();
        boolean huge = isHuge(values);
        if (huge) {
            spare.drop(); // there may be no room for both
        }
        int capacity = huge ? bytes : Math.max(SMALLEST, Integer.highestOneBit(bytes - 1) << 1);
        MappedMemory made = Segments.create(capacity, values);
        Segments.depart(made.segment().file(), flights);
        return orForget(made, () -> {
            if (huge) {
                spare.keep(made);
            } else {
                keep(made);
            }
        });
    }

    private MappedMemory fill(MappedMemory free, PrimitiveArray values) {
        return orForget(free, () -> {
            if (isHuge(values)) {
                overwrite(free, values);
            } else {
                values.copyTo(free.segment());
            }
        });
    }

    /** Where it cannot be written, the next value gets another one. */
    private void overwrite(MappedMemory free, PrimitiveArray values) {
        try {
            free.segment().file().overwrite(values);
        } catch (IOException e) {
            spare.drop();
            throw new SharedMemoryException("cannot write to " + free + ": " + e.getMessage(), e);
        }
    }

    /** Does something with what is on its way; if that fails, it is not, and is closed. */
    private MappedMemory orForget(MappedMemory memory, Runnable work) {
        boolean done = false;
        try {
            work.run();
            done = true;
            return memory;
        } finally {
            if (!done) {
                Segments.forget(memory.file().getFileName().toString(), flights);
                memory.close();
            }
        }
    }

    /** A handle of the caller's own on a segment that nobody reads, counted as on its way; null if there is none. */
    private synchronized @Nullable MappedMemory takeFree(long bytes) {
        for (MappedMemory memory : lent) {
            if (memory.isFreeFor(bytes)) {
                Segments.depart(memory.segment().file(), flights);
                return memory.another();
            }
        }
        return null;
    }

    /** Keeps a segment for reuse, if there is room for it beside those that are in use. */
    private synchronized void keep(MappedMemory made) {
        for (Iterator<MappedMemory> each = lent.iterator(); each.hasNext() && lentBytes + made.size() > POOL_BYTES; ) {
            MappedMemory memory = each.next();
            if (memory.isFreeFor(memory.size())) {
                each.remove();
                lentBytes -= memory.size();
                memory.close();
            }
        }
        if (!closed && lentBytes + made.size() <= POOL_BYTES) {
            lent.add(made.another());
            lentBytes += made.size();
        }
    }

    // ---- borrowing

    /**
     * Copies a value out of shared memory, and gives the segment back.
     *
     * @param from what {@link #write} wrote at the other end
     * @return the array
     * @throws CodecException if it is damaged or refused, or the memory is gone
     */
    public Object read(ByteBuffer from) {
        String file = FrameOutput.readString(from);
        if (from.remaining() < 1 + Integer.BYTES) {
            throw new CodecException("damaged message: a large value ends too early");
        }
        int flagged = from.get();
        boolean fromFile = (flagged & FROM_FILE) != 0;
        int type = flagged & ~FROM_FILE;
        int length = from.getInt();
        try (PassingFile passing = fromFile ? Segments.passing(file) : null) {
            if (passing != null) {
                return readOnce(passing, type, length);
            }
            return readMapped(fromFile ? Segments.open(file) : borrow(file), type, length);
        } catch (SharedMemoryException | IOException e) {
            throw new CodecException("a large value cannot be read: " + e.getMessage(), e);
        }
    }

    private Object readOnce(PassingFile memory, int type, int length) throws IOException {
        PrimitiveArray values = make(type, length, memory.size());
        memory.copyTo(values);
        return values.array();
    }

    private Object readMapped(MappedMemory memory, int type, int length) {
        try {
            PrimitiveArray values = make(type, length, memory.size());
            values.copyFrom(memory.segment());
            return values.array();
        } finally {
            memory.segment().file().header().arrive(1);
            memory.close();
        }
    }

    /** A new array for a value, if it can be one and the filter takes it. */
    private PrimitiveArray make(int type, int length, long room) {
        long bytes = (long) length * PrimitiveArray.width(type);
        if (length < 0 || bytes > room) {
            throw new CodecException("damaged message: " + length + " elements in " + room + " bytes of shared memory");
        }
        if (filter.counts()) {
            filter.count(new Aside(PrimitiveArray.arrayType(type), length, bytes));
        }
        return PrimitiveArray.make(type, length);
    }

    /** An array that is about to be copied. */
    private record Aside(Class<?> serialClass, long arrayLength, long streamBytes)
            implements ObjectInputFilter.FilterInfo {
        @Override
        public long depth() {
            return 1;
        }

        @Override
        public long references() {
            return 1;
        }
    }

    /**
     * A handle of the caller's own on a segment of the other end. Another one is kept, since that end will probably use the
     * segment again; but not behind the end of the connection, when nobody would give it back.
     */
    private synchronized MappedMemory borrow(String file) {
        MappedMemory known = borrowed.get(file);
        if (known == null && closed) {
            return Segments.open(file);
        }
        if (known == null) {
            known = Segments.open(file);
            if (borrowed.size() >= MOST_BORROWED || borrowedBytes + known.size() > POOL_BYTES) {
                giveBackAll();
            }
            borrowed.put(file, known);
            borrowedBytes += known.size();
        }
        return known.another();
    }

    private void giveBackAll() { // guarded by this
        for (MappedMemory memory : borrowed.values()) {
            memory.close();
        }
        borrowed.clear();
        borrowedBytes = 0;
    }

    /** What has arrived is not read. */
    public static void giveBack(ByteBuffer from) {
        Segments.giveBack(FrameOutput.readString(from));
    }

    /** What was written is not sent after all. */
    public void forget(ByteBuffer from) {
        Segments.forget(FrameOutput.readString(from), flights);
    }

    /** The connection has ended, and so have its flights: nobody takes what was lent. */
    public void close() {
        spare.close();
        synchronized (this) {
            closed = true;
            giveBackAll();
            for (MappedMemory memory : lent) {
                memory.close();
            }
            lent.clear();
            lentBytes = 0;
        }
    }
}
