// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.memory;

import java.io.IOException;
import java.nio.Buffer;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.processional.CodecException;
import org.processional.SharedMemory;
import org.processional.SharedMemoryException;
import org.processional.engine.Log;
import org.processional.spi.FrameOutput;

/**
 * What stands for shared memory, or a view of it, on the wire.
 *
 * <pre>
 * host string | file string | offset i64 | kind u8
 * kind 0, memory:                 size i64
 * kind 1 to 5, view of bytes to doubles: count i32 | position i32 | limit i32 | order u8, 1 for little-endian
 * </pre>
 *
 * big-endian. The host is the identity of the running system, so that memory which went to another host is told from
 * memory which is gone.
 *
 * <p><b>Threads:</b> from any thread.
 */
public final class MemoryReference {
    private MemoryReference() {}

    private static final class Host {
        static final String ID = id();

        private static String id() {
            try {
                return Files.readString(Path.of("/proc/sys/kernel/random/boot_id"))
                        .strip();
            } catch (IOException e) {
                return System.getProperty("os.name"); // no Linux: the file alone must tell
            }
        }
    }

    /**
     * Writes a reference, and counts it as on its way.
     *
     * @param object anything
     * @param out takes the reference
     * @param flights the way it goes
     * @return false if the object is neither memory nor a buffer that may be written to and looks at memory
     */
    public static boolean write(Object object, FrameOutput out, Flights flights) {
        if (object instanceof MappedMemory memory) {
            begin(memory.segment().file(), memory.offset(), 0, out, flights);
            out.putLong(memory.size());
            return true;
        }
        return object instanceof Buffer buffer
                && Windows.areUsed()
                && buffer.isDirect()
                && !buffer.isReadOnly()
                && writeView(buffer, out, flights);
    }

    private static boolean writeView(Buffer buffer, FrameOutput out, Flights flights) {
        ViewKind kind = ViewKind.of(buffer);
        if (kind == null) {
            return false;
        }
        long address = BufferAddress.of(buffer, kind.width);
        Windows.Window window = Windows.at(address, (long) buffer.capacity() * kind.width);
        if (window == null) {
            return false;
        }
        begin(window.file, window.offset(address), kind.code, out, flights);
        out.putInt(buffer.capacity());
        out.putInt(buffer.position());
        out.putInt(buffer.limit());
        out.putByte(kind.order(buffer) == ByteOrder.LITTLE_ENDIAN ? 1 : 0);
        return true;
    }

    private static void begin(SegmentFile file, long offset, int kind, FrameOutput out, Flights flights) {
        Segments.depart(file, flights);
        out.put(file.names(), 0, file.names().length);
        out.putLong(offset);
        out.putByte(kind);
    }

    /** The host and the file of a segment, with which each reference to it begins. */
    static byte[] names(Path file) {
        FrameOutput out = new FrameOutput(128, 1024);
        out.putString(Host.ID);
        out.putString(file.getFileName().toString());
        ByteBuffer frame = out.frame();
        byte[] names = new byte[frame.remaining()];
        frame.get(names);
        return names;
    }

    /**
     * Reads a reference, and opens what it stands for.
     *
     * @param from at the reference
     * @return the memory or the view
     * @throws CodecException if it is damaged, on another host, or gone
     */
    public static Object read(ByteBuffer from) {
        try {
            return Segments.locked(() -> readWhole(from)); // until there is a handle on the segment, or a view of it
        } catch (BufferUnderflowException e) {
            throw new CodecException("damaged message: a reference to shared memory ends too early", e);
        }
    }

    private static Object readWhole(ByteBuffer from) {
        Segment segment = Segments.arrivedAgain(from);
        if (segment == null) {
            segment = readNames(from);
        }
        long offset = from.getLong();
        int kind = from.get();
        return kind == 0 ? memory(segment, offset, from.getLong()) : view(segment, offset, kind, from);
    }

    private static Segment readNames(ByteBuffer from) {
        String host = FrameOutput.readString(from);
        String file = FrameOutput.readString(from);
        if (!host.equals(Host.ID)) {
            throw new CodecException(
                    "shared memory " + file + " is on another host and cannot be seen here; send a copy"
                            + " of its content, for example a byte[]");
        }
        try {
            return Segments.arrived(file);
        } catch (SharedMemoryException e) {
            throw new CodecException(String.valueOf(e.getMessage()), e);
        }
    }

    /** What has arrived is not read. */
    public static void giveBack(ByteBuffer from) {
        String host = FrameOutput.readString(from);
        if (host.equals(Host.ID)) {
            Segments.giveBack(FrameOutput.readString(from));
        }
    }

    /** What was written is not sent after all. */
    public static void forget(ByteBuffer from, Flights flights) {
        FrameOutput.readString(from);
        Segments.forget(FrameOutput.readString(from), flights);
    }

    /**
     * Copies a buffer into shared memory, and writes a reference to a view of the copy; the receiver's view is all that
     * holds the memory then.
     *
     * @param buffer what remains of it
     * @param out takes the reference
     * @param flights the way it goes
     * @return false if there is no room for the copy
     */
    public static boolean writeCopy(ByteBuffer buffer, FrameOutput out, Flights flights) {
        try (SharedMemory copy = Segments.create(buffer)) {
            return write(copy.bytes().order(buffer.order()), out, flights);
        } catch (SharedMemoryException e) {
            Log.engine().debug("no room to share {}, so it goes in a frame", buffer, e);
            return false;
        }
    }

    private static Object memory(Segment segment, long offset, long size) {
        if (offset < 0 || size < 0 || offset > segment.size() - size) {
            throw damaged(segment);
        }
        return segment.handle(offset, size);
    }

    private static Object view(Segment segment, long offset, int kind, ByteBuffer from) {
        int count = from.getInt();
        int position = from.getInt();
        int limit = from.getInt();
        ByteOrder order = from.get() == 1 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        ViewKind type = ViewKind.of(kind);
        if (type == null || position < 0 || position > limit || limit > count || offset < 0) {
            throw damaged(segment);
        }
        if (offset > segment.size() - (long) count * type.width) {
            throw damaged(segment);
        }
        return segment.view(type, offset, count, order).limit(limit).position(position);
    }

    private static CodecException damaged(Segment segment) {
        return new CodecException("damaged message: no such part of " + segment);
    }
}
