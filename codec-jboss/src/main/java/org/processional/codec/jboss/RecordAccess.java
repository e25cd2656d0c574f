// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.lang.invoke.MethodHandle;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;
import org.processional.spi.FrameOutput;

/**
 * Takes the records of one class apart and puts them together, also where its module opens nothing.
 *
 * <p>Records are made by their canonical constructor, checks included. Their components are read from the fields where
 * the package is open to us, and by a {@link RecordStream} elsewhere.
 *
 * <p><b>Threads:</b> from any thread.
 */
final class RecordAccess extends Described {
    private final Class<?> type;
    private final RecordComponent[] components;
    private final Constructor<?> constructor;
    private final @Nullable MethodHandle readResolve;
    private final Field @Nullable [] fields; // null: the package is closed
    private final Pool<RecordStream> streams = new Pool<>();

    RecordAccess(Class<?> type) {
        this.type = type;
        this.components = type.getRecordComponents();
        this.constructor = constructor(type, components);
        this.readResolve = Serialization.readResolve(type);
        this.fields = fields(type, components);
    }

    private static Constructor<?> constructor(Class<?> type, RecordComponent[] components) {
        Class<?>[] parameters = new Class<?>[components.length];
        for (int i = 0; i < components.length; i++) {
            parameters[i] = components[i].getType();
        }
        try {
            return Serialization.open(type.getDeclaredConstructor(parameters));
        } catch (NoSuchMethodException e) {
            throw new CodecException("the record " + type.getName() + " has no canonical constructor", e);
        }
    }

    private static Field @Nullable [] fields(Class<?> type, RecordComponent[] components) {
        Field[] fields = new Field[components.length];
        try {
            for (int i = 0; i < components.length; i++) {
                fields[i] = type.getDeclaredField(components[i].getName());
                if (!fields[i].trySetAccessible()) {
                    return null;
                }
            }
        } catch (NoSuchFieldException e) {
            throw new CodecException("the record " + type.getName() + " lacks a field", e);
        }
        return fields;
    }

    int size() {
        return components.length;
    }

    String componentName(int index) {
        return components[index].getName();
    }

    /** As users write it. */
    String componentType(int index) {
        return components[index].getType().getTypeName();
    }

    /** The components of a record, primitive ones boxed. */
    @Nullable
    Object[] read(Object record) {
        Field[] from = fields;
        if (from == null) {
            return readByStream(record);
        }
        @Nullable Object[] values = new Object[from.length];
        try {
            for (int i = 0; i < from.length; i++) {
                values[i] = from[i].get(record);
            }
        } catch (IllegalAccessException e) {
            throw new CodecException("cannot read the record " + type.getName(), e);
        }
        return values;
    }

    private @Nullable Object[] readByStream(Object record) {
        RecordStream stream = streams.take();
        if (stream == null) {
            stream = new RecordStream(type, components);
        }
        @Nullable Object[] values = stream.read(record);
        streams.give(stream); // not after a failure: the stream may be in the middle of something
        return values;
    }

    /** Makes a record. */
    @Nullable
    Object create(@Nullable Object[] values) throws Throwable {
        Object record;
        try {
            record = constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new CodecException(
                    "the constructor of the record " + type.getName() + " refuses its components: " + cause, cause);
        } catch (IllegalArgumentException e) {
            throw new CodecException("damaged message: wrong components for the record " + type.getName(), e);
        }
        return readResolve == null ? record : (Object) readResolve.invokeExact(record);
    }

    /**
     * Checks that the other end has the same components.
     *
     * @param names names and types of the other end, in turn
     * @param there where its class is from
     * @throws CodecException if it has not
     */
    void check(String[] names, String there) {
        boolean same = names.length == 2 * components.length;
        for (int i = 0; same && i < components.length; i++) {
            same = components[i].getName().equals(names[2 * i])
                    && components[i].getType().getName().equals(names[2 * i + 1]);
        }
        if (!same) {
            throw new CodecException("the record " + type.getName() + " has other components at the two ends: "
                    + list(names) + " at the sender's, from " + there + ", and " + list(names()) + " here, from "
                    + ClassFile.location(type) + "; " + Loading.SAME_VERSION);
        }
    }

    private String[] names() {
        String[] names = new String[2 * components.length];
        for (int i = 0; i < components.length; i++) {
            names[2 * i] = components[i].getName();
            names[2 * i + 1] = components[i].getType().getName();
        }
        return names;
    }

    private static String list(String[] names) {
        StringBuilder text = new StringBuilder("(");
        for (int i = 0; i + 1 < names.length; i += 2) {
            text.append(i == 0 ? "" : ", ").append(names[i + 1]).append(' ').append(names[i]);
        }
        return text.append(')').toString();
    }

    @Override
    byte kind() {
        return Tag.D_RECORD;
    }

    @Override
    void describe(FrameOutput to) {
        to.putString(type.getName());
        to.putSize(components.length);
        String[] names = names();
        for (String name : names) {
            to.putString(name);
        }
        to.putString(ClassFile.location(type));
    }
}
