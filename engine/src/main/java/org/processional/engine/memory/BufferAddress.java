// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.memory;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.nio.Buffer;
import org.jspecify.annotations.Nullable;
import org.processional.SharedMemoryException;
import org.processional.engine.Log;

/**
 * Where a direct buffer begins. From Java 22 on memory segments tell (JEP 454); before that it is read from a field of the
 * buffer, by {@code sun.misc.Unsafe}.
 *
 * <p><b>Threads:</b> stateless.
 */
final class BufferAddress {
    private static final boolean SEGMENTS = Runtime.version().feature() >= 22;
    private static final @Nullable MethodHandle AT = find(); // (Buffer)long

    private BufferAddress() {}

    /**
     * The address of the first element.
     *
     * @param direct a direct buffer
     * @param width bytes of an element
     * @throws SharedMemoryException if this JVM does not tell
     */
    static long of(Buffer direct, int width) {
        if (AT == null) {
            throw new SharedMemoryException(
                    "shared memory needs module jdk.unsupported of the JDK before Java 22, which"
                            + " this JVM has not loaded; give it --add-modules jdk.unsupported, and link it into a run-time image");
        }
        try {
            long at = (long) AT.invokeExact(direct);
            return SEGMENTS ? at - (long) direct.position() * width : at; // a segment begins at the position
        } catch (Throwable e) {
            throw new SharedMemoryException("it is not known where " + direct + " is", e);
        }
    }

    private static @Nullable MethodHandle find() {
        try {
            return SEGMENTS ? bySegment() : byField();
        } catch (ReflectiveOperationException e) {
            Log.engine().debug("the addresses of buffers are not known", e);
            return null;
        }
    }

    private static MethodHandle bySegment() throws ReflectiveOperationException {
        MethodHandles.Lookup lookup = MethodHandles.publicLookup();
        Class<?> segment = Class.forName("java.lang.foreign.MemorySegment");
        MethodHandle of = lookup.findStatic(segment, "ofBuffer", MethodType.methodType(segment, Buffer.class));
        MethodHandle address = lookup.findVirtual(segment, "address", MethodType.methodType(long.class));
        return MethodHandles.filterReturnValue(of, address);
    }

    private static MethodHandle byField() throws ReflectiveOperationException {
        Class<?> type = Class.forName("sun.misc.Unsafe");
        Field field = type.getDeclaredField("theUnsafe");
        field.setAccessible(true);
        Object unsafe = field.get(null);
        long offset = (long) type.getMethod("objectFieldOffset", Field.class)
                .invoke(unsafe, Buffer.class.getDeclaredField("address"));
        MethodHandle get = MethodHandles.publicLookup()
                .findVirtual(type, "getLong", MethodType.methodType(long.class, Object.class, long.class));
        return MethodHandles.insertArguments(get.bindTo(unsafe), 1, offset)
                .asType(MethodType.methodType(long.class, Buffer.class));
    }
}
