// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.memory;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.processional.CodecException;
import org.processional.SharedMemory;
import org.processional.fuzz.Script;
import org.processional.fuzz.Target;
import org.processional.spi.FrameOutput;
import org.processional.spi.InputFilter;

/**
 * References to shared memory, of this host and to a segment that is there, unless the input names another. What they give
 * lies within the segment.
 *
 * <pre>
 * part, by the tag modulo 5:
 *   0 reference without host and name | 1 without the host | 2 all of a reference
 *   3 large value without the name | 4 question whether this process sees a segment
 * </pre>
 */
public final class MemoryTarget implements Target {
    private static final int BYTES = 4096;

    private final MappedMemory memory = (MappedMemory) Segments.create(BYTES);
    private final String host;
    private final String file = memory.file().getFileName().toString();

    /** A target with a segment, which goes with the process. */
    public MemoryTarget() {
        FrameOutput out = new FrameOutput(64, 1024);
        MemoryReference.write(memory, out, new Flights());
        this.host = FrameOutput.readString(out.frame());
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public List<byte[]> seeds() {
        return List.of(
                new Script.Writer()
                        .part(0, tail(memory))
                        .part(0, tail(memory.slice(8, 16)))
                        .input(),
                new Script.Writer()
                        .part(0, tail(memory.bytes()))
                        .part(0, tail(memory.longs(0, 3)))
                        .input(),
                new Script.Writer().part(2, whole(memory)).input(),
                new Script.Writer()
                        .part(
                                3,
                                ByteBuffer.allocate(5).put((byte) 1).putInt(100).flip())
                        .part(
                                3,
                                ByteBuffer.allocate(5)
                                        .put((byte) 6)
                                        .putInt(BYTES / 8)
                                        .flip())
                        .input(),
                new Script.Writer()
                        .part(4, (file + "\n0").getBytes(StandardCharsets.ISO_8859_1))
                        .input());
    }

    private static ByteBuffer whole(Object object) {
        FrameOutput out = new FrameOutput(64, 1024);
        MemoryReference.write(object, out, new Flights());
        return out.frame();
    }

    private static ByteBuffer tail(Object object) {
        ByteBuffer whole = whole(object);
        FrameOutput.readString(whole);
        FrameOutput.readString(whole);
        return whole;
    }

    @Override
    public void run(byte[] input) {
        LargeValues large = new LargeValues(question -> false, new Flights(), InputFilter.none());
        try {
            for (Script.Part part : Script.read(input)) {
                take(part, large);
            }
        } finally {
            large.close();
        }
        if (memory.size() != BYTES) {
            throw new AssertionError("the segment has changed");
        }
        memory.longs(0, 1).get(0);
    }

    private void take(Script.Part part, LargeValues large) {
        try {
            look(read(part, large));
        } catch (CodecException e) {
            if (e.getMessage() == null) {
                throw new AssertionError("no message", e);
            }
        }
    }

    private Object read(Script.Part part, LargeValues large) {
        FrameOutput out = new FrameOutput(256, 1 << 20);
        switch (part.tag() % 5) {
            case 0 -> {
                out.putString(host);
                out.putString(file);
            }
            case 1 -> out.putString(host);
            case 3 -> out.putString(file);
            default -> {
                // all of it is in the input
            }
        }
        out.put(part.bytes(), 0, part.bytes().length);
        return switch (part.tag() % 5) {
            case 3 -> large.read(out.frame());
            case 4 -> LargeValues.answer(new String(part.bytes(), StandardCharsets.ISO_8859_1));
            default -> MemoryReference.read(out.frame());
        };
    }

    /** Touches both ends: what lies outside of the mapping ends the JVM. */
    private static void look(Object found) {
        if (found instanceof SharedMemory shared) {
            if (shared.size() > 0) {
                shared.bytes(0, 1).get(0);
                shared.bytes(shared.size() - 1, 1).get(0);
            }
        } else if (found instanceof ByteBuffer bytes && bytes.limit() > 0) {
            bytes.get(bytes.limit() - 1);
        } else if (found instanceof java.nio.LongBuffer longs && longs.limit() > 0) {
            longs.get(longs.limit() - 1);
        } else if (found instanceof Buffer buffer && buffer.limit() > buffer.capacity()) {
            throw new AssertionError("a buffer beyond its memory");
        }
    }
}
