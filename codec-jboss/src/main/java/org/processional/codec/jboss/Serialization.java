// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.io.ObjectStreamClass;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Constructor;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;

/**
 * What {@code sun.reflect.ReflectionFactory} of the module {@code jdk.unsupported} allows to serializers: the only way
 * to the lambdas and records of modules that open nothing.
 *
 * <p>It is reached by method handles, because javac warns of every mention of that class and offers no way to say that
 * it is meant. Handles cost a cold JVM no more than the call itself.
 *
 * <p><b>Threads:</b> from any thread.
 */
final class Serialization {
    private static final MethodType REPLACE = MethodType.methodType(Object.class, Object.class);
    private static final MethodHandle WRITE_REPLACE;
    private static final MethodHandle READ_RESOLVE;
    private static final MethodHandle NEW_CONSTRUCTOR;
    private static final MethodHandle CONSTRUCTOR;
    private static final MethodHandle[] METHODS; // of a class for itself: what it has of them, or null
    /** {@code (SerializedLambda)Object}; constant, so that compiled code calls straight through it. */
    private static final MethodHandle RESOLVE_LAMBDA;

    static {
        try {
            Class<?> type = Class.forName("sun.reflect.ReflectionFactory");
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            Object factory = lookup.findStatic(type, "getReflectionFactory", MethodType.methodType(type))
                    .invoke();
            MethodType handleOf = MethodType.methodType(MethodHandle.class, Class.class);
            WRITE_REPLACE = lookup.findVirtual(type, "writeReplaceForSerialization", handleOf)
                    .bindTo(factory);
            READ_RESOLVE = lookup.findVirtual(type, "readResolveForSerialization", handleOf)
                    .bindTo(factory);
            NEW_CONSTRUCTOR = lookup.findVirtual(
                            type,
                            "newConstructorForSerialization",
                            MethodType.methodType(Constructor.class, Class.class, Constructor.class))
                    .bindTo(factory);
            CONSTRUCTOR = lookup.findVirtual(
                            type,
                            "newConstructorForSerialization",
                            MethodType.methodType(Constructor.class, Class.class))
                    .bindTo(factory);
            METHODS = new MethodHandle[] {
                lookup.findVirtual(type, "writeObjectForSerialization", handleOf)
                        .bindTo(factory),
                lookup.findVirtual(type, "readObjectForSerialization", handleOf).bindTo(factory),
                lookup.findVirtual(type, "readObjectNoDataForSerialization", handleOf)
                        .bindTo(factory)
            };
            RESOLVE_LAMBDA = (MethodHandle) READ_RESOLVE.invokeExact((Class<?>) SerializedLambda.class);
        } catch (Throwable e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private Serialization() {}

    /** The {@code writeReplace} of a class as {@code (Object)Object}; null if it has none. */
    static @Nullable MethodHandle writeReplace(Class<?> type) {
        try {
            MethodHandle handle = (MethodHandle) WRITE_REPLACE.invokeExact(type);
            return handle == null ? null : handle.asType(REPLACE);
        } catch (Throwable e) {
            throw unexpected(type, e);
        }
    }

    /** The {@code readResolve} of a class as {@code (Object)Object}; null if it has none. */
    static @Nullable MethodHandle readResolve(Class<?> type) {
        try {
            MethodHandle handle = (MethodHandle) READ_RESOLVE.invokeExact(type);
            return handle == null ? null : handle.asType(REPLACE);
        } catch (Throwable e) {
            throw unexpected(type, e);
        }
    }

    /** The same constructor, open to us whatever its module says. */
    static Constructor<?> open(Constructor<?> constructor) {
        try {
            return (Constructor<?>) NEW_CONSTRUCTOR.invokeExact(constructor.getDeclaringClass(), constructor);
        } catch (Throwable e) {
            throw unexpected(constructor.getDeclaringClass(), e);
        }
    }

    /** What makes objects of a serializable class without its own constructors; null if that is not possible. */
    static @Nullable Constructor<?> constructor(Class<?> type) {
        try {
            return (Constructor<?>) CONSTRUCTOR.invokeExact(type);
        } catch (Throwable e) {
            throw unexpected(type, e);
        }
    }

    /** Whether a class itself has a {@code writeObject}, a {@code readObject} or a {@code readObjectNoData}. */
    static boolean hasMethods(Class<?> type) {
        try {
            for (MethodHandle method : METHODS) {
                if ((MethodHandle) method.invokeExact(type) != null) {
                    return true;
                }
            }
            return false;
        } catch (Throwable e) {
            throw unexpected(type, e);
        }
    }

    /** Makes the lambda that a form stands for. */
    static Object resolve(SerializedLambda form) throws Throwable {
        return (Object) RESOLVE_LAMBDA.invokeExact(form);
    }

    /** The serialVersionUID of a class; 0 if it has none, as what is not serializable, enums and records. */
    static long version(Class<?> type) {
        ObjectStreamClass form = ObjectStreamClass.lookup(type);
        return form == null ? 0 : form.getSerialVersionUID();
    }

    private static CodecException unexpected(Class<?> type, Throwable e) {
        return new CodecException("cannot look into " + type.getName() + ": " + e, e);
    }
}
