// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * Makes the lambdas that are written in one class again. {@code SerializedLambda.readResolve} looks the method that does
 * so up for every lambda; here it is looked up once, where its package is open to us.
 *
 * <p><b>Threads:</b> from any thread.
 */
final class LambdaMaker {
    private static final ClassValue<LambdaMaker> MAKERS = new ClassValue<>() {
        @Override
        protected LambdaMaker computeValue(Class<?> type) {
            return new LambdaMaker(type);
        }
    };

    private static final MethodType MAKE = MethodType.methodType(Object.class, SerializedLambda.class);

    /** The class in which they are written. */
    final Class<?> capturing;

    private final @Nullable MethodHandle handle; // null: it is closed, or not there

    private LambdaMaker(Class<?> capturing) {
        this.capturing = capturing;
        this.handle = handle(capturing);
    }

    /** The maker of a class, which lives as long as the class. */
    static LambdaMaker of(Class<?> capturing) {
        return MAKERS.get(capturing);
    }

    private static @Nullable MethodHandle handle(Class<?> capturing) {
        try {
            Method method = capturing.getDeclaredMethod("$deserializeLambda$", SerializedLambda.class);
            if (!method.trySetAccessible()) {
                return null;
            }
            MethodHandle handle = MethodHandles.lookup().unreflect(method);
            return handle.type().equals(MAKE) ? handle : null;
        } catch (ReflectiveOperationException | LinkageError e) {
            return null; // readResolve says so
        }
    }

    /** Makes a lambda; the form is one of the class. */
    Object make(SerializedLambda form) throws Throwable {
        MethodHandle known = handle;
        return known == null ? Serialization.resolve(form) : known.invokeExact(form);
    }
}
