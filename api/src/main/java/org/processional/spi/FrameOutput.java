// SPDX-License-Identifier: Apache-2.0
package org.processional.spi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.processional.CodecException;

/**
 * A growing frame, written by an engine (header) and a codec (body). All numbers are big-endian.
 *
 * <p><b>Threads:</b> one thread at a time.
 *
 * @since 0.1
 */
public final class FrameOutput {
    private final int maxBytes;
    private ByteBuffer buffer;

    /**
     * Makes an empty frame.
     *
     * @param initialBytes room to begin with, at least 16
     * @param maxBytes the longest frame
     */
    public FrameOutput(int initialBytes, int maxBytes) {
        this.maxBytes = maxBytes;
        this.buffer = ByteBuffer.allocate(Math.max(16, Math.min(initialBytes, maxBytes)));
    }

    /**
     * Makes sure that a number of bytes can be put into the buffer that is returned.
     *
     * @param bytes how many
     * @return the buffer to put them into, at its position; valid until the next call of a method of this class
     * @throws CodecException if the frame would be longer than its limit
     */
    public ByteBuffer room(int bytes) {
        if (buffer.remaining() < bytes) {
            grow(bytes);
        }
        return buffer;
    }

    private void grow(int bytes) {
        long needed = (long) buffer.position() + bytes;
        if (needed > maxBytes) {
            throw new CodecException("a message of " + needed + " bytes or more is too long: " + maxBytes
                    + " is the limit of a frame; send it in parts, or use a transport with longer frames");
        }
        int capacity = (int) Math.min(maxBytes, Math.max(needed, 2L * buffer.capacity()));
        buffer = ByteBuffer.allocate(capacity).order(ByteOrder.BIG_ENDIAN).put(buffer.flip());
    }

    /** The longest frame, in bytes. */
    public int maxBytes() {
        return maxBytes;
    }

    /** Number of bytes written so far. */
    public int size() {
        return buffer.position();
    }

    /**
     * Goes back, or forward within what was written.
     *
     * @param size a value that {@link #size()} had
     */
    public void size(int size) {
        buffer.position(size);
    }

    /** Empties the frame and keeps its room. */
    public void clear() {
        buffer.clear();
    }

    /** What was written, ready to be read: a view, valid until the next change. */
    public ByteBuffer frame() {
        return buffer.duplicate().flip();
    }

    /** Appends one byte (its low 8 bits). */
    public void putByte(int value) {
        room(1).put((byte) value);
    }

    /** Appends 4 bytes. */
    public void putInt(int value) {
        room(4).putInt(value);
    }

    /** Appends 8 bytes. */
    public void putLong(long value) {
        room(8).putLong(value);
    }

    /** Appends a non-negative number in 1 to 5 bytes, 7 bits each, low bits first. */
    public void putSize(int value) {
        ByteBuffer to = room(5);
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            to.put((byte) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        to.put((byte) rest);
    }

    /** Appends bytes as they are. */
    public void put(byte[] bytes, int offset, int length) {
        room(length).put(bytes, offset, length);
    }

    /** Appends a string: its length in UTF-16 units with the form in the lowest bit, then Latin-1 or UTF-16 units. */
    public void putString(String value) {
        int length = value.length();
        int start = size();
        putSize(length << 1);
        ByteBuffer to = room(length);
        int at = to.position();
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            if (c > 0xff) {
                size(start);
                putWide(value);
                return;
            }
            to.put(at + i, (byte) c);
        }
        to.position(at + length);
    }

    private void putWide(String value) {
        putSize(value.length() << 1 | 1);
        ByteBuffer to = room(2 * value.length());
        for (int i = 0; i < value.length(); i++) {
            to.putChar(value.charAt(i));
        }
    }

    /**
     * Reads what {@link #putSize} wrote.
     *
     * @param from the buffer, at the number
     * @return the number
     * @throws CodecException if there is no such number
     */
    public static int readSize(ByteBuffer from) {
        int value = 0;
        for (int shift = 0; shift < 35 && from.hasRemaining(); shift += 7) {
            byte next = from.get();
            value |= (next & 0x7f) << shift;
            if (next >= 0) {
                if (value < 0) {
                    break;
                }
                return value;
            }
        }
        throw new CodecException("damaged message: no length at byte " + from.position());
    }

    /**
     * Reads what {@link #putString} wrote.
     *
     * @param from the buffer, at the string
     * @return the string
     * @throws CodecException if there is no such string
     */
    public static String readString(ByteBuffer from) {
        int head = readSize(from);
        int length = head >>> 1;
        boolean wide = (head & 1) != 0;
        if (from.remaining() < (wide ? 2L * length : length)) {
            throw new CodecException("damaged message: a string of " + length + " units, but only " + from.remaining()
                    + " bytes are left");
        }
        if (wide) {
            char[] chars = new char[length];
            for (int i = 0; i < length; i++) {
                chars[i] = from.getChar();
            }
            return new String(chars);
        }
        byte[] bytes = new byte[length];
        from.get(bytes);
        return new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    }
}
