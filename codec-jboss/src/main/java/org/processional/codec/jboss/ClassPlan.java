// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.io.Serializable;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.SerializedLambda;
import java.nio.Buffer;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;
import org.processional.Proxy;
import org.processional.SharedMemory;
import org.processional.spi.Stub;

/**
 * How the objects of one class travel: found out once for each class, and kept with the class.
 *
 * <p><b>Threads:</b> from any thread.
 */
final class ClassPlan {
    private static final ClassValue<ClassPlan> PLANS = new ClassValue<>() {
        @Override
        protected ClassPlan computeValue(Class<?> type) {
            return new ClassPlan(type);
        }
    };

    /** A constant of {@link Tag}: the own form, or REST, or NONE. */
    final byte tag;

    /** Names the class itself. */
    final Described.OfClass name;

    private final Class<?> type;
    private final @Nullable MethodHandle writeReplace;
    private final @Nullable RecordAccess record;
    private final @Nullable PlainAccess plain;
    private final Described[] constants; // of enums, by ordinal
    private volatile @Nullable Described version; // made when JBoss writes it first
    private volatile @Nullable LambdaShape shape; // made from the first lambda; two threads may make equal ones

    private ClassPlan(Class<?> type) {
        this.type = type;
        this.name = new Described.OfClass(type);
        boolean replaced = Serializable.class.isAssignableFrom(type) && !isPlain(type);
        this.writeReplace = replaced ? Serialization.writeReplace(type) : null;
        byte found = tag(type, writeReplace);
        this.plain = found == Tag.REST ? PlainAccess.of(type) : null;
        this.tag = plain == null ? found : Tag.PLAIN;
        this.record = tag == Tag.RECORD ? new RecordAccess(type) : null;
        this.constants = tag == Tag.ENUM ? constants(type) : new Described[0];
    }

    static ClassPlan of(Class<?> type) {
        return PLANS.get(type);
    }

    /** Nobody replaces these, so that the question (which loads classes) need not be asked. */
    private static boolean isPlain(Class<?> type) {
        return type.isArray() || Enum.class.isAssignableFrom(type) || type == Class.class;
    }

    private static byte tag(Class<?> type, @Nullable MethodHandle writeReplace) {
        if (Proxy.class.isAssignableFrom(type)
                || Stub.class.isAssignableFrom(type)
                || SharedMemory.class.isAssignableFrom(type)
                || Buffer.class.isAssignableFrom(type)) {
            return Tag.PROXY;
        }
        if (type.isArray()) {
            return arrayTag(type);
        }
        if (Enum.class.isAssignableFrom(type)) {
            return Tag.ENUM;
        }
        if (type.getClassLoader() == null) {
            byte known = knownTag(type.getName());
            if (known != Tag.NONE) {
                return known;
            }
        }
        if (!Serializable.class.isAssignableFrom(type)) {
            return Tag.NONE;
        }
        if (type.isHidden() && writeReplace != null && type.getName().contains("$$Lambda")) {
            return Tag.LAMBDA;
        }
        return type.isRecord() && writeReplace == null ? Tag.RECORD : Tag.REST;
    }

    private static byte arrayTag(Class<?> type) {
        return switch (type.getName()) {
            case "[Z" -> Tag.BOOLEANS;
            case "[B" -> Tag.BYTES;
            case "[S" -> Tag.SHORTS;
            case "[C" -> Tag.CHARS;
            case "[I" -> Tag.INTS;
            case "[J" -> Tag.LONGS;
            case "[F" -> Tag.FLOATS;
            case "[D" -> Tag.DOUBLES;
            case "[Ljava.lang.Object;" -> Tag.OBJECTS;
            case "[Ljava.lang.String;" -> Tag.STRINGS;
            default -> Tag.ARRAY;
        };
    }

    /** By name, so that a slave does not load classes that nobody sends. */
    private static byte knownTag(String name) {
        return switch (name) {
            case "java.lang.String" -> Tag.STRING;
            case "java.lang.Integer" -> Tag.INT32;
            case "java.lang.Long" -> Tag.LONG64;
            case "java.lang.Double" -> Tag.DOUBLE;
            case "java.lang.Boolean" -> Tag.TRUE;
            case "java.lang.Byte" -> Tag.BYTE;
            case "java.lang.Short" -> Tag.SHORT;
            case "java.lang.Character" -> Tag.CHAR;
            case "java.lang.Float" -> Tag.FLOAT;
            case "java.lang.Class" -> Tag.CLASS;
            default -> knownUtilTag(name);
        };
    }

    private static byte knownUtilTag(String name) {
        return switch (name) {
            case "java.util.ArrayList" -> Tag.ARRAY_LIST;
            case "java.util.HashSet" -> Tag.HASH_SET;
            case "java.util.LinkedHashSet" -> Tag.LINKED_HASH_SET;
            case "java.util.HashMap" -> Tag.HASH_MAP;
            case "java.util.ImmutableCollections$ListN", "java.util.ImmutableCollections$List12" -> Tag.LIST_OF;
            case "java.util.ImmutableCollections$SetN", "java.util.ImmutableCollections$Set12" -> Tag.SET_OF;
            case "java.util.ImmutableCollections$MapN", "java.util.ImmutableCollections$Map1" -> Tag.MAP_OF;
            case "java.util.Optional" -> Tag.OPTIONAL;
            case "java.util.UUID" -> Tag.UUID;
            case "java.math.BigInteger" -> Tag.BIG_INTEGER;
            case "java.math.BigDecimal" -> Tag.BIG_DECIMAL;
            case "java.time.Instant" -> Tag.INSTANT;
            case "java.time.Duration" -> Tag.DURATION;
            case "java.time.LocalDate" -> Tag.LOCAL_DATE;
            case "java.time.LocalTime" -> Tag.LOCAL_TIME;
            case "java.time.LocalDateTime" -> Tag.LOCAL_DATE_TIME;
            default -> Tag.NONE;
        };
    }

    private static Described[] constants(Class<?> type) {
        Class<?> declaring = type;
        while (!declaring.isEnum() && declaring != Enum.class) {
            declaring = declaring.getSuperclass(); // the class of a constant with a body
        }
        Object[] values = declaring.getEnumConstants();
        Described[] described = new Described[values == null ? 0 : values.length];
        for (int i = 0; i < described.length; i++) {
            described[i] = new Described.OfConstant(declaring, ((Enum<?>) values[i]).name());
        }
        return described;
    }

    /** The description of a constant. Constants with bodies have a class, and a description, of their own. */
    @SuppressWarnings("EnumOrdinal") // an index of this process; the name is what travels
    Described constant(Enum<?> value) {
        return constants[value.ordinal()];
    }

    RecordAccess record() {
        if (record == null) {
            throw new IllegalStateException(type + " is not a record that travels as one");
        }
        return record;
    }

    /** How objects of the class travel by their fields; null if they do not. */
    @Nullable
    PlainAccess plain() {
        return plain;
    }

    /** Whether Java serialization, too, would take the class. */
    boolean isSerializable() {
        return Serializable.class.isAssignableFrom(type);
    }

    /** What tells the versions of a class apart that JBoss writes. */
    Described version() {
        Described known = version;
        if (known == null) {
            known = new Described.OfVersion(type);
            version = known;
        }
        return known;
    }

    /** Whether something else is written in place of an object of the rest. */
    boolean isReplaced() {
        return writeReplace != null && tag == Tag.REST;
    }

    /** The form of a lambda: its shape and what it captures. */
    SerializedLambda form(Object lambda) {
        MethodHandle handle = writeReplace;
        if (handle == null) {
            throw new IllegalStateException(type + " is not a lambda");
        }
        try {
            Object form = (Object) handle.invokeExact(lambda); // exact: the cast is part of the call
            return (SerializedLambda) form;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new CodecException(type.getName() + " cannot be taken apart: " + e, e);
        }
    }

    /** What an object of the rest is written as: what its {@code writeReplace} gives, or itself. */
    @Nullable
    Object replaced(Object object) {
        MethodHandle handle = writeReplace;
        if (handle == null || tag != Tag.REST) {
            return object;
        }
        try {
            return (Object) handle.invokeExact(object);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new CodecException(type.getName() + " does not say what to write in its place: " + e, e);
        }
    }

    /** The shape of a lambda of this class; all have the same. */
    LambdaShape shape(SerializedLambda form) {
        LambdaShape known = shape;
        if (known == null) {
            known = new LambdaShape(form, type);
            shape = known;
        }
        return known;
    }
}
