// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.UUID;
import org.processional.CodecException;
import org.processional.spi.FrameOutput;

/**
 * Values that hold no other objects, in the layout of {@link Tag}.
 *
 * <p><b>Threads:</b> from any thread.
 */
final class Scalars {
    private Scalars() {}

    /** Whether two equal objects are told apart, so that a body must say which of them it means. */
    static boolean hasIdentity(byte tag) {
        return tag >= Tag.BOOLEANS && tag <= Tag.UUID;
    }

    static void write(int value, FrameOutput out) {
        if (value == (byte) value) {
            out.room(2).put(Tag.INT8).put((byte) value);
        } else {
            out.room(5).put(Tag.INT32).putInt(value);
        }
    }

    static void write(long value, FrameOutput out) {
        if (value == (byte) value) {
            out.room(2).put(Tag.LONG8).put((byte) value);
        } else if (value == (int) value) {
            out.room(5).put(Tag.LONG32).putInt((int) value);
        } else {
            out.room(9).put(Tag.LONG64).putLong(value);
        }
    }

    /** Writes a value that is neither a string nor an int nor a long. */
    static void write(byte tag, Object value, FrameOutput out) {
        switch (tag) {
            case Tag.TRUE -> out.putByte((Boolean) value ? Tag.TRUE : Tag.FALSE);
            case Tag.BYTE -> out.room(2).put(tag).put((Byte) value);
            case Tag.SHORT -> out.room(3).put(tag).putShort((Short) value);
            case Tag.CHAR -> out.room(3).put(tag).putChar((Character) value);
            case Tag.FLOAT -> out.room(5).put(tag).putFloat((Float) value);
            case Tag.DOUBLE -> out.room(9).put(tag).putDouble((Double) value);
            case Tag.BIG_INTEGER -> {
                out.putByte(tag);
                writeBig((BigInteger) value, out);
            }
            case Tag.BIG_DECIMAL -> {
                out.putByte(tag);
                out.putInt(((BigDecimal) value).scale());
                writeBig(((BigDecimal) value).unscaledValue(), out);
            }
            case Tag.UUID -> {
                UUID uuid = (UUID) value;
                out.room(17).put(tag).putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
            }
            default -> {
                if (tag >= Tag.INSTANT) {
                    writeTime(tag, value, out);
                } else {
                    PrimitiveArrays.write(tag, value, out);
                }
            }
        }
    }

    private static void writeBig(BigInteger value, FrameOutput out) {
        byte[] bytes = value.toByteArray();
        out.putSize(bytes.length);
        out.put(bytes, 0, bytes.length);
    }

    @SuppressWarnings({"JavaInstantGetSecondsGetNano", "JavaDurationGetSecondsGetNano"}) // both parts are written
    private static void writeTime(byte tag, Object value, FrameOutput out) {
        ByteBuffer to = out.room(17).put(tag);
        switch (tag) {
            case Tag.INSTANT -> to.putLong(((Instant) value).getEpochSecond()).putInt(((Instant) value).getNano());
            case Tag.DURATION -> to.putLong(((Duration) value).toSeconds()).putInt(((Duration) value).getNano());
            case Tag.LOCAL_DATE -> to.putLong(((LocalDate) value).toEpochDay());
            case Tag.LOCAL_TIME -> to.putLong(((LocalTime) value).toNanoOfDay());
            case Tag.LOCAL_DATE_TIME -> {
                LocalDateTime both = (LocalDateTime) value;
                to.putLong(both.toLocalDate().toEpochDay())
                        .putLong(both.toLocalTime().toNanoOfDay());
            }
            default -> throw new IllegalStateException("no scalar: tag " + tag);
        }
    }

    /** Reads what follows a tag that is neither a string nor a reference. */
    static Object read(byte tag, ByteBuffer from) {
        return switch (tag) {
            case Tag.FALSE -> false;
            case Tag.TRUE -> true;
            case Tag.BYTE -> from.get();
            case Tag.SHORT -> from.getShort();
            case Tag.CHAR -> from.getChar();
            case Tag.INT8 -> (int) from.get();
            case Tag.INT32 -> from.getInt();
            case Tag.LONG8 -> (long) from.get();
            case Tag.LONG32 -> (long) from.getInt();
            case Tag.LONG64 -> from.getLong();
            case Tag.FLOAT -> from.getFloat();
            case Tag.DOUBLE -> from.getDouble();
            default -> tag <= Tag.DOUBLES ? PrimitiveArrays.read(tag, from) : readLarge(tag, from);
        };
    }

    private static Object readLarge(byte tag, ByteBuffer from) {
        return switch (tag) {
            case Tag.BIG_INTEGER -> readBig(from);
            case Tag.BIG_DECIMAL -> {
                int scale = from.getInt();
                yield new BigDecimal(readBig(from), scale);
            }
            case Tag.UUID -> new UUID(from.getLong(), from.getLong());
            case Tag.INSTANT -> Instant.ofEpochSecond(from.getLong(), from.getInt());
            case Tag.DURATION -> Duration.ofSeconds(from.getLong(), from.getInt());
            case Tag.LOCAL_DATE -> LocalDate.ofEpochDay(from.getLong());
            case Tag.LOCAL_TIME -> LocalTime.ofNanoOfDay(from.getLong());
            case Tag.LOCAL_DATE_TIME ->
                LocalDateTime.of(LocalDate.ofEpochDay(from.getLong()), LocalTime.ofNanoOfDay(from.getLong()));
            default -> throw new CodecException("damaged message: no value begins with " + tag);
        };
    }

    private static BigInteger readBig(ByteBuffer from) {
        byte[] bytes = new byte[PrimitiveArrays.count(from, 1)];
        from.get(bytes);
        return new BigInteger(bytes);
    }
}
