// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.shm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import org.processional.fuzz.Script;
import org.processional.fuzz.Target;
import org.processional.spi.FrameHandler;
import org.processional.spi.PollableConnection;

/**
 * A ring that a hostile peer writes, while it is read, and the frames on the socket beside it. Whatever stands there, the
 * reader stays within the ring, comes to an end, and changes no byte but those of its ring.
 *
 * <pre>
 * part, by the tag modulo 5:
 *   0 bytes anywhere: offset in the ring u16 | bytes
 *   1 a record where the next one would be: kind u8 | payload length u16 | bytes of the whole frame i32
 *   2 poll | 3 a word of the ring: which u8 | value i32 | 4 a frame of the socket
 * </pre>
 */
public final class RingTarget implements Target {
    private static final int RING_BYTES = RingFormat.LEAST_RING_BYTES;
    private static final int MOST_POLLS = 1000;

    private final ByteBuffer memory =
            ByteBuffer.allocateDirect((int) RingFormat.fileBytes(RING_BYTES)).order(ByteOrder.nativeOrder());
    private final byte[] clean = new byte[memory.capacity()];
    private final byte[] now = new byte[memory.capacity()];

    /** A ring with marks all around it. */
    public RingTarget() {
        java.util.Arrays.fill(clean, (byte) 0x5a);
        java.util.Arrays.fill(clean, RingFormat.words(0), RingFormat.words(1), (byte) 0);
        int data = RingFormat.data(0, RING_BYTES);
        java.util.Arrays.fill(clean, data, data + RING_BYTES, (byte) 0);
    }

    @Override
    public String name() {
        return "ring";
    }

    @Override
    public List<byte[]> seeds() {
        Script.Writer whole = new Script.Writer();
        for (int i = 0; i < 20; i++) {
            whole.part(1, record(RingFormat.WHOLE, 100 + i, 0)).part(2);
        }
        byte[] parts = new Script.Writer()
                .part(1, record(RingFormat.FIRST, 1000, 2500))
                .part(1, record(RingFormat.MIDDLE, 1000, 0))
                .part(2)
                .part(1, record(RingFormat.LAST, 500, 0))
                .part(1, record(RingFormat.PADDING, 800, 0))
                .part(2)
                .input();
        byte[] huge = new Script.Writer()
                .part(1, record(RingFormat.FIRST, 1000, ShmConnection.MAX_FRAME_BYTES))
                .part(1, record(RingFormat.MIDDLE, 1016, 0))
                .input();
        byte[] greeting = ByteBuffer.allocate(60)
                .putInt(0x5053484d)
                .put((byte) RingFormat.VERSION)
                .putInt(RING_BYTES)
                .putLong(1)
                .putLong(2)
                .put("/dev/shm/processional-ring-1".getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .array();
        return List.of(
                whole.input(),
                parts,
                huge,
                new Script.Writer()
                        .part(0, new byte[] {0, 0, 1, 2, 3, 4})
                        .part(2)
                        .input(),
                new Script.Writer()
                        .part(3, new byte[] {2, 0, 0, 0, 1})
                        .part(1, record(1, 8, 0))
                        .input(),
                new Script.Writer()
                        .part(4, greeting)
                        .part(4, new byte[] {'R', 'n', 'o'})
                        .input());
    }

    private static ByteBuffer record(int kind, int bytes, int whole) {
        return ByteBuffer.allocate(7)
                .put((byte) kind)
                .putShort((short) bytes)
                .putInt(whole)
                .flip();
    }

    @Override
    public void run(byte[] input) {
        memory.put(0, clean);
        RingReader reader = new RingReader(memory, 0, RING_BYTES, "fuzz", new Bell(new NoSocket()));
        int tail = 0;
        boolean readable = true;
        for (Script.Part part : Script.read(input)) {
            ByteBuffer from = part.buffer();
            switch (part.tag() % 5) {
                case 0 -> putAnywhere(from);
                case 1 -> tail = putRecord(from, tail);
                case 2 -> readable = readable && poll(reader);
                case 3 -> putWord(from);
                default -> readFrame(from);
            }
        }
        if (readable) {
            poll(reader);
        }
        reader.hasRecord();
        reader.unfinished();
        memory.get(0, now);
        for (int i = 0; i < now.length; i++) {
            if (clean[i] != 0 && now[i] != clean[i]) {
                throw new AssertionError("byte " + i + " was changed, which is not of the ring");
            }
        }
    }

    private void putAnywhere(ByteBuffer from) {
        int at = from.remaining() < 2 ? 0 : (from.getShort() & 0xffff) % RING_BYTES;
        int data = RingFormat.data(0, RING_BYTES);
        while (from.hasRemaining() && at < RING_BYTES) {
            memory.put(data + at++, from.get());
        }
    }

    /** Puts a record where a writer would; its length may be any, what is written stays in the ring. */
    private int putRecord(ByteBuffer from, int tail) {
        if (from.remaining() < 7) {
            return tail;
        }
        int kind = from.get() & 7;
        int bytes = from.getShort() & 0xffff;
        int at = RingFormat.data(0, RING_BYTES) + (tail & RING_BYTES - 1);
        memory.putInt(at, RingFormat.header(kind, bytes));
        memory.putInt(at + RingFormat.WHOLE_BYTES, from.getInt());
        return tail + RingFormat.recordBytes(bytes);
    }

    private void putWord(ByteBuffer from) {
        if (from.remaining() >= 5) {
            int which = RingFormat.HEAD + (from.get() & 3) * RingFormat.PARKED;
            memory.putInt(RingFormat.words(0) + which, from.getInt());
        }
    }

    /** Polls until nothing is there; false if the ring is damaged, and so will not be read again. */
    private static boolean poll(RingReader reader) {
        int[] bytes = {0};
        try {
            int polls = 0;
            while (reader.poll((frame, owned) -> bytes[0] += look(frame)) >= 0) {
                if (++polls > MOST_POLLS) {
                    throw new AssertionError("the ring has no end");
                }
            }
            return true;
        } catch (DamagedRingException e) {
            return false;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static int look(ByteBuffer frame) {
        int sum = 0;
        while (frame.hasRemaining()) {
            sum += frame.get();
        }
        return sum;
    }

    private static void readFrame(ByteBuffer frame) {
        try {
            Greeting.read(frame.duplicate());
        } catch (IOException e) {
            if (e.getMessage() == null) {
                throw new AssertionError("no message", e);
            }
        }
        Greeting.reason(frame);
    }

    /** The bell rings into nothing. */
    private static final class NoSocket implements PollableConnection {
        @Override
        public boolean offer(ByteBuffer frame) {
            frame.position(frame.limit());
            return true;
        }

        @Override
        public boolean flushNow() {
            return true;
        }

        @Override
        public int poll(FrameHandler handler) {
            return 0;
        }

        @Override
        public int receive(FrameHandler handler, Duration wait) {
            return 0;
        }

        @Override
        public void send(ByteBuffer frame) {
            offer(frame);
        }

        @Override
        public void flush() {}

        @Override
        public int maxFrameBytes() {
            return RING_BYTES;
        }

        @Override
        public String peer() {
            return "fuzz";
        }

        @Override
        public void close() {}
    }
}
