// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.code;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.processional.CodecException;
import org.processional.spi.FrameOutput;

/**
 * What a client has for a name, and what that needs.
 *
 * <pre>
 * count size | entry...
 * entry: kind u8 | name string | file string | hash 32 bytes | bytes i64
 * </pre>
 *
 * <p><b>Threads:</b> immutable.
 */
record Manifest(List<Entry> entries) {
    private static final int LONGEST_BYTES = 64 << 20;
    private static final int SMALLEST_ENTRY_BYTES = 1 + 1 + 1 + Hash.BYTES + 8;

    /** What the bytes of an entry are. */
    enum Kind {
        /** A class file. */
        CLASS(0),
        /** A resource. */
        RESOURCE(1),
        /** A whole jar, in which the name is. */
        JAR(2);

        private final int code; // in messages

        Kind(int code) {
            this.code = code;
        }

        private static Kind of(int code) {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            throw new CodecException("damaged message: a manifest with an entry of kind " + code);
        }
    }

    /**
     * A content.
     *
     * @param name the resource for which it is listed, such as {@code com/acme/Job.class}
     * @param file the last part of the path of what it is from, for those who read messages
     */
    record Entry(Kind kind, String name, String file, Hash hash, long bytes) {}

    ByteBuffer write() {
        FrameOutput out = new FrameOutput(64 + 128 * entries.size(), LONGEST_BYTES);
        out.putSize(entries.size());
        for (Entry entry : entries) {
            out.putByte(entry.kind.code);
            out.putString(entry.name);
            out.putString(entry.file);
            entry.hash.write(out);
            out.putLong(entry.bytes);
        }
        return out.frame();
    }

    static Manifest read(ByteBuffer message) {
        ByteBuffer from = message.duplicate();
        int count = FrameOutput.readSize(from);
        if (count > from.remaining() / SMALLEST_ENTRY_BYTES) {
            throw new CodecException(
                    "damaged message: a manifest of " + count + " entries in " + from.remaining() + " bytes");
        }
        List<Entry> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Kind kind = Kind.of(from.hasRemaining() ? from.get() : -1);
            String name = FrameOutput.readString(from);
            String file = FrameOutput.readString(from);
            Hash hash = Hash.read(from);
            long bytes = from.remaining() < 8 ? -1 : from.getLong();
            if (bytes < 0) {
                throw new CodecException("damaged message: a manifest with no length for " + name);
            }
            entries.add(new Entry(kind, name, file, hash, bytes));
        }
        return new Manifest(List.copyOf(entries));
    }
}
