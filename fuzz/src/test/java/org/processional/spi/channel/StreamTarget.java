// SPDX-License-Identifier: Apache-2.0
package org.processional.spi.channel;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.util.ArrayList;
import java.util.List;
import org.processional.fuzz.Script;
import org.processional.fuzz.Target;

/**
 * The frames of sockets, in pieces of any length, compared with what a simple reader finds in the same bytes. Frames
 * whose handler fails count as handed over.
 *
 * <pre>
 * input: limit u8 (0 none, else times 16) | length of the pieces u8 | which handlers fail u8 (0 none) | {@link Script}
 * part:  tag even: bytes as they are | odd: length and value of a run of bytes: i32, u8
 * </pre>
 */
public final class StreamTarget implements Target {
    private static final int LONGEST_STREAM = 1 << 18;

    @Override
    public String name() {
        return "stream";
    }

    /** The stream itself, several times while it is made, and the longest frame that can be in it. */
    @Override
    public long allocationBytes(byte[] input) {
        return 24L * LONGEST_STREAM + (32 << 20);
    }

    @Override
    public List<byte[]> seeds() {
        byte[] three = frames(new byte[] {1, 2, 3}, new byte[0], new byte[40]);
        byte[] large = new Script.Writer()
                .part(0, ByteBuffer.allocate(4).putInt(200_000).flip())
                .part(1, ByteBuffer.allocate(5).putInt(200_000).put((byte) 7).flip())
                .part(0, three)
                .input();
        byte[] huge = ByteBuffer.allocate(8).putInt(1 << 30).putInt(17).array();
        byte[] fitting = new Script.Writer()
                .part(0, ByteBuffer.allocate(4).putInt((128 << 10) - 4).flip())
                .part(
                        1,
                        ByteBuffer.allocate(5)
                                .putInt((128 << 10) - 4)
                                .put((byte) 1)
                                .flip())
                .part(0, three)
                .input();
        return List.of(
                input(0, 0, 0, new Script.Writer().part(0, three).input()),
                input(0, 1, 0, new Script.Writer().part(0, three).input()),
                input(0, 3, 3, new Script.Writer().part(0, three).input()),
                input(1, 200, 0, new Script.Writer().part(0, three).input()),
                input(0, 0, 0, large),
                input(0, 255, 0, fitting),
                input(0, 0, 0, new Script.Writer().part(0, huge).input()));
    }

    private static byte[] frames(byte[]... frames) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] frame : frames) {
            out.writeBytes(ByteBuffer.allocate(4).putInt(frame.length).array());
            out.writeBytes(frame);
        }
        return out.toByteArray();
    }

    private static byte[] input(int limit, int pieces, int failing, byte[] script) {
        return ByteBuffer.allocate(3 + script.length)
                .put((byte) limit)
                .put((byte) pieces)
                .put((byte) failing)
                .put(script)
                .array();
    }

    @Override
    public void run(byte[] input) throws IOException {
        ByteBuffer from = ByteBuffer.wrap(input);
        if (from.remaining() < 3) {
            return;
        }
        int limit = from.get() & 0xff;
        int longest = limit == 0 ? FrameFormat.MAX_FRAME_BYTES : 16 * limit;
        int pieces = from.get() & 0xff;
        int failing = from.get() & 0xff;
        byte[] stream = stream(Script.read(Script.bytes(from)));
        List<ByteBuffer> expected = new ArrayList<>();
        boolean whole = simple(ByteBuffer.wrap(stream), longest, expected);
        FrameReader reader = new FrameReader(new Pieces(stream, pieces), "fuzz");
        if (limit != 0) {
            reader.limit(longest);
        }
        boolean ended = read(reader, expected, failing);
        if (ended != whole) {
            throw new AssertionError(whole ? "the stream was refused" : "the stream was not refused");
        }
    }

    private static byte[] stream(List<Script.Part> parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Script.Part part : parts) {
            ByteBuffer bytes = part.buffer();
            if ((part.tag() & 1) == 0) {
                out.writeBytes(part.bytes());
            } else if (bytes.remaining() >= 5) {
                int count = (bytes.getInt() & Integer.MAX_VALUE) % LONGEST_STREAM;
                byte[] run = new byte[Math.min(count, LONGEST_STREAM - Math.min(LONGEST_STREAM, out.size()))];
                java.util.Arrays.fill(run, bytes.get());
                out.writeBytes(run);
            }
        }
        return out.toByteArray();
    }

    /** Finds the frames; false if something is none. */
    private static boolean simple(ByteBuffer stream, int longest, List<ByteBuffer> frames) {
        while (stream.remaining() >= 4) {
            int length = stream.getInt();
            if (length < 0 || length > longest) {
                return false;
            }
            if (length > stream.remaining()) {
                return true; // cut off
            }
            frames.add(stream.slice().limit(length));
            stream.position(stream.position() + length);
        }
        return true;
    }

    /** A handler has failed, on purpose. */
    private static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Failed() {
            super("on purpose", null, false, false);
        }
    }

    /** Reads to the end; false if the stream was refused. */
    private static boolean read(FrameReader reader, List<ByteBuffer> expected, int failing) throws IOException {
        int[] count = {0};
        while (true) {
            try {
                reader.poll((frame, owned) -> {
                    int number = count[0]++;
                    if (number >= expected.size() || !frame.equals(expected.get(number))) {
                        throw new AssertionError("frame " + number + " is not the one that was sent");
                    }
                    frame.position(frame.limit());
                    if (failing != 0 && number % failing == 0) {
                        throw new Failed();
                    }
                });
            } catch (Failed e) {
                continue;
            } catch (EOFException e) {
                break;
            } catch (FrameReader.MalformedStreamException e) {
                check(count[0], expected);
                return false;
            }
        }
        check(count[0], expected);
        return true;
    }

    private static void check(int count, List<ByteBuffer> expected) {
        if (count != expected.size()) {
            throw new AssertionError(count + " frames came of " + expected.size());
        }
    }

    /** Delivers a stream in pieces. */
    private static final class Pieces implements StreamSocket {
        private static final int IN_PIECES = 4096; // then it hurries

        private final ByteBuffer stream;
        private final int pieces;

        Pieces(byte[] stream, int pieces) {
            this.stream = ByteBuffer.wrap(stream);
            this.pieces = pieces;
        }

        @Override
        public SelectableChannel channel() {
            throw new UnsupportedOperationException("nobody waits here");
        }

        @Override
        public int read(ByteBuffer into) {
            if (!stream.hasRemaining()) {
                return -1;
            }
            int most = pieces == 0 || stream.position() > IN_PIECES
                    ? Integer.MAX_VALUE
                    : pieces < 128 ? pieces : pieces * 512;
            int count = Math.min(most, Math.min(into.remaining(), stream.remaining()));
            into.put(stream.slice().limit(count));
            stream.position(stream.position() + count);
            return count;
        }

        @Override
        public int write(ByteBuffer from) {
            throw new UnsupportedOperationException("nobody writes here");
        }

        @Override
        public void close() {}
    }
}
