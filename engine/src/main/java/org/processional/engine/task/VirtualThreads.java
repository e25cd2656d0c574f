// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.task;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * What JDK 21 knows of virtual threads, for code that is built for 17.
 *
 * <p><b>Threads:</b> from any thread.
 */
public final class VirtualThreads {
    private static final @Nullable MethodHandle IS_VIRTUAL = find();

    private VirtualThreads() {}

    private static @Nullable MethodHandle find() {
        try {
            return Runtime.version().feature() < 21
                    ? null
                    : MethodHandles.publicLookup()
                            .findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Whether the calling thread is a virtual one. */
    public static boolean isCurrent() {
        return isVirtual(Thread.currentThread());
    }

    /** Whether a thread is a virtual one. */
    public static boolean isVirtual(Thread thread) {
        if (IS_VIRTUAL == null || thread.getClass() == Thread.class) { // no cold call of a handle where a slave starts
            return false;
        }
        try {
            return (boolean) IS_VIRTUAL.invokeExact(thread);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * A virtual thread that is not started.
     *
     * @throws IllegalArgumentException if this JDK has none
     */
    public static Thread make(@Nullable String name, Runnable work) {
        if (IS_VIRTUAL == null) {
            throw new IllegalArgumentException("virtual threads need JDK 21 or later, and this is "
                    + Runtime.version().feature() + "; leave the option virtual out");
        }
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            Class<?> type = Class.forName("java.lang.Thread$Builder");
            if (name != null) {
                type.getMethod("name", String.class).invoke(builder, name);
            }
            return (Thread) type.getMethod("unstarted", Runnable.class).invoke(builder, work);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
