// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.shm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Frames on the socket beside the rings.
 *
 * <pre>
 * greeting, the first frame of who connected:
 *          0: magic i32 | 4: version u8 | 5: ring bytes i32 | 9: nonce i64 | 17: pid i64 | 25: path of the file UTF-8
 * bell:    0: 'B'
 * refusal: 0: 'R' | 1: reason UTF-8, by who listened in place of all else
 * </pre>
 *
 * big-endian.
 *
 * @param ringBytes bytes of each ring
 * @param nonce what the file begins with
 * @param pid the process that connected
 * @param path the file
 */
record Greeting(int ringBytes, long nonce, long pid, Path path) {
    private static final int MAGIC = 0x5053484d; // PSHM
    private static final int FIXED_BYTES = 25;
    private static final byte REFUSAL = 'R';

    /** The frame that introduces a file. */
    static ByteBuffer hello(RingFile file) {
        byte[] path = file.path().toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer frame = ByteBuffer.allocate(FIXED_BYTES + path.length);
        frame.putInt(MAGIC).put((byte) RingFormat.VERSION).putInt(file.ringBytes());
        return frame.putLong(file.nonce()).putLong(file.pid()).put(path).flip();
    }

    /**
     * Reads a greeting.
     *
     * @throws IOException if it is of another version or makes no sense; the message is for who connected
     */
    static Greeting read(ByteBuffer frame) throws IOException {
        if (frame.remaining() <= FIXED_BYTES || frame.getInt() != MAGIC) {
            throw new IOException("this is a server for shm addresses, and what connected is no client for those");
        }
        int version = frame.get();
        int ringBytes = frame.getInt();
        long nonce = frame.getLong();
        long pid = frame.getLong();
        byte[] path = new byte[frame.remaining()];
        frame.get(path);
        if (version != RingFormat.VERSION || !RingFormat.isRingBytes(ringBytes)) {
            throw new IOException("the client has version " + version + " of the transport shm with rings of "
                    + ringBytes + " bytes, and here is version " + RingFormat.VERSION);
        }
        try {
            return new Greeting(ringBytes, nonce, pid, Path.of(new String(path, StandardCharsets.UTF_8)));
        } catch (java.nio.file.InvalidPathException e) {
            throw new IOException("the path of the client's memory makes no sense", e);
        }
    }

    /** The frame that refuses. */
    static ByteBuffer refusal(String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(1 + text.length).put(REFUSAL).put(text).flip();
    }

    /** The reason, if a frame is a refusal; null for a bell. */
    static @Nullable String reason(ByteBuffer frame) {
        if (!frame.hasRemaining() || frame.get() != REFUSAL) {
            return null;
        }
        byte[] text = new byte[frame.remaining()];
        frame.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }
}
