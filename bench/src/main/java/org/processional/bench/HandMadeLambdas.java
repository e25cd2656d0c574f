// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.io.Serializable;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The least that brings a lambda to another JVM: its shape once, afterwards the number of the shape and what was captured,
 * which is ints and Strings.
 *
 * <pre>
 * number of the shape i16, negative where it follows | 9 strings and the kind of the method i32
 * each captured value: 'I' and i32, or 'S' and a string; a string: bytes u16, UTF-8
 * </pre>
 *
 * <p><b>Threads:</b> one thread uses it, and another one at the other end.
 */
final class HandMadeLambdas {
    private static final MethodHandle WRITE_REPLACE;
    private static final MethodHandle RESOLVE;

    private final Map<Class<?>, Outgoing> sent = new HashMap<>();
    private final List<Incoming> received = new ArrayList<>();

    static {
        try {
            Class<?> type = Class.forName("sun.reflect.ReflectionFactory");
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            Object factory = lookup.findStatic(type, "getReflectionFactory", MethodType.methodType(type))
                    .invoke();
            MethodType handleOf = MethodType.methodType(MethodHandle.class, Class.class);
            WRITE_REPLACE = lookup.findVirtual(type, "writeReplaceForSerialization", handleOf)
                    .bindTo(factory);
            MethodHandle readResolve = lookup.findVirtual(type, "readResolveForSerialization", handleOf)
                    .bindTo(factory);
            RESOLVE = (MethodHandle) readResolve.invokeExact((Class<?>) SerializedLambda.class);
        } catch (Throwable e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** What travels. */
    @FunctionalInterface
    interface Function extends Serializable {
        /** Does it. */
        int call();
    }

    private record Outgoing(MethodHandle replace, int number) {}

    private record Incoming(Class<?> capturing, List<String> strings, int methodKind, int captured) {}

    // ---- writing

    /** Writes a lambda at the position of a buffer. */
    void write(Function function, ByteBuffer to) {
        Outgoing shape = sent.get(function.getClass());
        boolean known = shape != null;
        if (shape == null) {
            shape = new Outgoing(replaceOf(function.getClass()), sent.size() + 1);
            sent.put(function.getClass(), shape);
        }
        SerializedLambda form = formOf(shape.replace(), function);
        to.putShort((short) (known ? shape.number() : -shape.number()));
        if (!known) {
            define(form, to);
        }
        for (int i = 0; i < form.getCapturedArgCount(); i++) {
            Object captured = form.getCapturedArg(i);
            if (captured instanceof Integer number) {
                to.put((byte) 'I').putInt(number);
            } else {
                to.put((byte) 'S');
                put(captured.toString(), to);
            }
        }
    }

    private static MethodHandle replaceOf(Class<?> type) {
        try {
            return ((MethodHandle) WRITE_REPLACE.invokeExact(type))
                    .asType(MethodType.methodType(Object.class, Object.class));
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static SerializedLambda formOf(MethodHandle replace, Object lambda) {
        try {
            return (SerializedLambda) (Object) replace.invokeExact(lambda);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static void define(SerializedLambda form, ByteBuffer to) {
        put(form.getCapturingClass().replace('/', '.'), to);
        put(form.getFunctionalInterfaceClass(), to);
        put(form.getFunctionalInterfaceMethodName(), to);
        put(form.getFunctionalInterfaceMethodSignature(), to);
        put(form.getImplClass(), to);
        put(form.getImplMethodName(), to);
        put(form.getImplMethodSignature(), to);
        put(form.getInstantiatedMethodType(), to);
        to.putInt(form.getImplMethodKind()).putInt(form.getCapturedArgCount());
    }

    private static void put(String text, ByteBuffer to) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        to.putShort((short) bytes.length).put(bytes);
    }

    // ---- reading

    /** Makes the lambda that is at the position of a buffer. */
    Function read(ByteBuffer from) {
        int number = from.getShort();
        if (number < 0) {
            received.add(defined(from));
        }
        Incoming shape = received.get(Math.abs(number) - 1);
        @Nullable Object[] captured = new Object[shape.captured()];
        for (int i = 0; i < captured.length; i++) {
            captured[i] = from.get() == 'I' ? (Object) from.getInt() : text(from);
        }
        List<String> strings = shape.strings();
        SerializedLambda form = new SerializedLambda(
                shape.capturing(),
                strings.get(0),
                strings.get(1),
                strings.get(2),
                shape.methodKind(),
                strings.get(3),
                strings.get(4),
                strings.get(5),
                strings.get(6),
                captured);
        try {
            return (Function) (Object) RESOLVE.invokeExact(form);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static Incoming defined(ByteBuffer from) {
        try {
            Class<?> capturing = Class.forName(text(from));
            List<String> strings = new ArrayList<>();
            for (int i = 0; i < 7; i++) {
                strings.add(text(from));
            }
            return new Incoming(capturing, strings, from.getInt(), from.getInt());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(ByteBuffer from) {
        byte[] bytes = new byte[from.getShort()];
        from.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
