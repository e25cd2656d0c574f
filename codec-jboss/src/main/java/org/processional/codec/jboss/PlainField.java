// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.io.ObjectStreamField;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import org.jboss.marshalling.reflect.SerializableClassRegistry;
import org.jboss.marshalling.reflect.SerializableField;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;
import org.processional.spi.FrameOutput;

/**
 * Reads and writes a field of the objects of a class: by reflection where its package is open to us, and elsewhere by
 * what JBoss Marshalling has for it, which is loaded then.
 *
 * <p><b>Threads:</b> from any thread.
 */
abstract class PlainField {
    /** The kind of a field that holds an object or an array; the others are those of {@link ObjectStreamField}. */
    static final char OBJECT = 'L';

    final String name;

    /** What it holds. */
    final char kind;

    final Class<?> type;

    private PlainField(ObjectStreamField described) {
        this.name = described.getName();
        this.type = described.getType();
        this.kind = described.isPrimitive() ? described.getTypeCode() : OBJECT;
    }

    static PlainField of(Class<?> declaring, ObjectStreamField described) {
        try {
            Field field = declaring.getDeclaredField(described.getName());
            return field.trySetAccessible() ? new Open(described, field) : Closed.of(declaring, described);
        } catch (NoSuchFieldException e) {
            throw new CodecException("the class " + declaring.getName() + " lacks a field", e);
        }
    }

    /** How many bytes a primitive value takes. */
    static int width(char kind) {
        return switch (kind) {
            case 'Z', 'B' -> 1;
            case 'S', 'C' -> 2;
            case 'I', 'F' -> 4;
            case 'J', 'D' -> 8;
            default -> throw new CodecException("damaged definition: a field of kind " + (int) kind);
        };
    }

    /** The object in it. */
    @Nullable
    abstract Object get(Object from) throws IllegalAccessException;

    /**
     * Puts an object into it.
     *
     * @throws ClassCastException if it does not hold such
     */
    final void set(Object to, @Nullable Object value) throws IllegalAccessException {
        if (value != null && !type.isInstance(value)) {
            throw new ClassCastException("Cannot cast " + value.getClass().getName() + " to " + type.getName()
                    + ", in field " + to.getClass().getName() + "." + name);
        }
        put(to, value);
    }

    /** Puts an object of its type into it. */
    abstract void put(Object to, @Nullable Object value) throws IllegalAccessException;

    /** Writes the primitive value in it. */
    abstract void write(Object from, ByteBuffer out) throws IllegalAccessException;

    /** Reads a primitive value into it. */
    abstract void read(Object to, ByteBuffer in) throws IllegalAccessException;

    final void write(Object from, FrameOutput out) throws IllegalAccessException {
        write(from, out.room(width(kind)));
    }

    private static final class Open extends PlainField {
        private final Field field;

        Open(ObjectStreamField described, Field field) {
            super(described);
            this.field = field;
        }

        @Override
        @Nullable
        Object get(Object from) throws IllegalAccessException {
            return field.get(from);
        }

        @Override
        void put(Object to, @Nullable Object value) throws IllegalAccessException {
            field.set(to, value);
        }

        @Override
        void write(Object from, ByteBuffer out) throws IllegalAccessException {
            switch (kind) {
                case 'I' -> out.putInt(field.getInt(from));
                case 'J' -> out.putLong(field.getLong(from));
                case 'D' -> out.putDouble(field.getDouble(from));
                case 'Z' -> out.put((byte) (field.getBoolean(from) ? 1 : 0));
                case 'B' -> out.put(field.getByte(from));
                case 'S' -> out.putShort(field.getShort(from));
                case 'C' -> out.putChar(field.getChar(from));
                default -> out.putFloat(field.getFloat(from));
            }
        }

        @Override
        void read(Object to, ByteBuffer in) throws IllegalAccessException {
            switch (kind) {
                case 'I' -> field.setInt(to, in.getInt());
                case 'J' -> field.setLong(to, in.getLong());
                case 'D' -> field.setDouble(to, in.getDouble());
                case 'Z' -> field.setBoolean(to, in.get() != 0);
                case 'B' -> field.setByte(to, in.get());
                case 'S' -> field.setShort(to, in.getShort());
                case 'C' -> field.setChar(to, in.getChar());
                default -> field.setFloat(to, in.getFloat());
            }
        }
    }

    private static final class Closed extends PlainField {
        private final SerializableField field;

        private Closed(ObjectStreamField described, SerializableField field) {
            super(described);
            this.field = field;
        }

        static PlainField of(Class<?> declaring, ObjectStreamField described) {
            try {
                return new Closed(
                        described,
                        SerializableClassRegistry.getInstance()
                                .lookup(declaring)
                                .getSerializableField(described.getName(), described.getType(), false));
            } catch (ClassNotFoundException e) {
                throw new CodecException("the class " + declaring.getName() + " lacks a field", e);
            }
        }

        @Override
        @Nullable
        Object get(Object from) {
            return field.getObject(from);
        }

        @Override
        void put(Object to, @Nullable Object value) {
            field.setObject(to, value);
        }

        @Override
        void write(Object from, ByteBuffer out) {
            switch (kind) {
                case 'I' -> out.putInt(field.getInt(from));
                case 'J' -> out.putLong(field.getLong(from));
                case 'D' -> out.putDouble(field.getDouble(from));
                case 'Z' -> out.put((byte) (field.getBoolean(from) ? 1 : 0));
                case 'B' -> out.put(field.getByte(from));
                case 'S' -> out.putShort(field.getShort(from));
                case 'C' -> out.putChar(field.getChar(from));
                default -> out.putFloat(field.getFloat(from));
            }
        }

        @Override
        void read(Object to, ByteBuffer in) {
            switch (kind) {
                case 'I' -> field.setInt(to, in.getInt());
                case 'J' -> field.setLong(to, in.getLong());
                case 'D' -> field.setDouble(to, in.getDouble());
                case 'Z' -> field.setBoolean(to, in.get() != 0);
                case 'B' -> field.setByte(to, in.get());
                case 'S' -> field.setShort(to, in.getShort());
                case 'C' -> field.setChar(to, in.getChar());
                default -> field.setFloat(to, in.getFloat());
            }
        }
    }
}
