// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.lang.invoke.SerializedLambda;
import java.lang.reflect.InvocationTargetException;
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

    /** The class in which they are written. */
    final Class<?> capturing;

    private final @Nullable Method method; // null: it is closed, or not there

    private LambdaMaker(Class<?> capturing) {
        this.capturing = capturing;
        this.method = method(capturing);
    }

    /** The maker of a class, which lives as long as the class. */
    static LambdaMaker of(Class<?> capturing) {
        return MAKERS.get(capturing);
    }

    private static @Nullable Method method(Class<?> capturing) {
        try {
            Method method = capturing.getDeclaredMethod("$deserializeLambda$", SerializedLambda.class);
            return method.trySetAccessible() ? method : null;
        } catch (NoSuchMethodException | LinkageError e) {
            return null; // readResolve says so
        }
    }

    /** Makes a lambda; the form is one of the class. */
    Object make(SerializedLambda form) throws Throwable {
        Method known = method;
        if (known == null) {
            return Serialization.resolve(form);
        }
        try {
            return known.invoke(null, form);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }
}
