// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.io.Externalizable;
import java.io.ObjectStreamClass;
import java.io.ObjectStreamField;
import java.io.Serializable;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;
import org.processional.spi.FrameOutput;

/**
 * Takes the objects of one plain class apart, field by field, and makes new ones to be filled.
 *
 * <p>Plain is a serializable class of users that says nothing about it: it and its serializable superclasses have no
 * {@code writeObject}, {@code readObject}, {@code writeReplace}, {@code readResolve} or {@code serialPersistentFields}, and
 * none of them is of the JDK. What Java serialization does with it is all in its fields.
 *
 * <p><b>Threads:</b> from any thread.
 */
final class PlainAccess extends Described {
    private static final Object[] NONE = {};

    private final Level[] levels; // the class itself first, then its superclasses
    private final PlainField[] fields; // those of superclasses first: what travels
    private final Constructor<?> constructor;
    private volatile PlainForm[] forms = {}; // of other ends, newest first

    /** A class and its own fields: primitive ones, then objects, each by name. */
    record Level(Class<?> type, long version, List<PlainField> fields) {}

    private PlainAccess(Class<?> type, Constructor<?> constructor) {
        this.constructor = constructor;
        List<Level> found = new ArrayList<>();
        List<PlainField> all = new ArrayList<>();
        for (Class<?> at = type; isSerializable(at); at = at.getSuperclass()) {
            Level level = new Level(at, Serialization.version(at), fields(at));
            found.add(level);
            all.addAll(0, level.fields); // before those of its subclasses, which may ask what its hash is
        }
        this.levels = found.toArray(new Level[0]);
        this.fields = all.toArray(new PlainField[0]);
    }

    private static List<PlainField> fields(Class<?> type) {
        ObjectStreamField[] described = ObjectStreamClass.lookup(type).getFields();
        List<PlainField> fields = new ArrayList<>();
        for (ObjectStreamField each : described) {
            fields.add(PlainField.of(type, each));
        }
        return List.copyOf(fields);
    }

    private static boolean isSerializable(@Nullable Class<?> type) {
        return type != null && Serializable.class.isAssignableFrom(type);
    }

    /** The access to a serializable class; null if it is not plain. */
    static @Nullable PlainAccess of(Class<?> type) {
        if (Externalizable.class.isAssignableFrom(type)
                || type.isRecord()
                || type.isHidden()
                || type.isArray()
                || Enum.class.isAssignableFrom(type)
                || Proxy.isProxyClass(type)
                || (type.getModifiers() & Modifier.ABSTRACT) != 0
                || Serialization.writeReplace(type) != null
                || Serialization.readResolve(type) != null) {
            return null;
        }
        for (Class<?> at = type; isSerializable(at); at = at.getSuperclass()) {
            if (ClassFile.isOfJdk(at) || Serialization.hasMethods(at) || namesItsFields(at)) {
                return null;
            }
        }
        Constructor<?> constructor = Serialization.constructor(type);
        return constructor == null ? null : new PlainAccess(type, constructor);
    }

    private static boolean namesItsFields(Class<?> type) {
        try {
            return type.getDeclaredField("serialPersistentFields") != null;
        } catch (NoSuchFieldException e) {
            return false;
        }
    }

    /** The fields whose values travel. */
    PlainField[] fields() {
        return fields;
    }

    /** The fields of the class or of one of its superclasses; none of what is no superclass of it here. */
    List<PlainField> fieldsOf(Class<?> level) {
        for (Level each : levels) {
            if (each.type == level) {
                return each.fields;
            }
        }
        return List.of();
    }

    /** Makes an object whose fields are not set; of users' code, only the constructor above all that is serializable runs. */
    Object create() throws Throwable {
        try {
            return constructor.newInstance(NONE);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    /** The known form that is equal to a new one, which is known from now on. */
    PlainForm known(PlainForm form) {
        PlainForm[] present = forms;
        for (PlainForm each : present) {
            if (each.isSame(form)) {
                return each;
            }
        }
        PlainForm[] more = new PlainForm[Math.min(present.length + 1, IncomingDefinition.MAX_LOADERS)];
        more[0] = form;
        System.arraycopy(present, 0, more, 1, more.length - 1);
        forms = more;
        return form;
    }

    @Override
    byte kind() {
        return Tag.D_PLAIN;
    }

    @Override
    void describe(FrameOutput to) {
        to.putSize(levels.length);
        for (Level level : levels) {
            to.putString(level.type.getName());
            to.putLong(level.version);
            to.putString(ClassFile.location(level.type));
            to.putSize(level.fields.size());
            for (PlainField field : level.fields) {
                to.putByte(field.kind);
                to.putString(field.name);
            }
        }
    }

    /** Why the objects of a class of the sender's cannot be read here. */
    static CodecException notHere(Class<?> type, String there) {
        return new CodecException("class " + type.getName()
                + " travels by its fields from the sender's, and does not here"
                + " (it may have methods of its own for serialization, or be none that is serialized): the sender's is"
                + " from " + there + ", the one here from " + ClassFile.location(type) + "; " + Loading.SAME_VERSION);
    }
}
