// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import java.io.Serializable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.processional.Explanation;
import org.processional.ProviderException;
import org.processional.engine.peer.UnsentObjects;
import org.processional.spi.CodecProvider;
import org.processional.spi.ExplainingCodecProvider;

/**
 * Asks the best codec that can tell what a function takes along.
 *
 * <p><b>Threads:</b> from any thread.
 */
public final class Explaining {
    private Explaining() {}

    /** What a function takes along; see {@link org.processional.Processional#explain(Serializable)}. */
    public static Explanation explain(@Nullable Serializable function) {
        return explain(function, Services.codecs(null));
    }

    static Explanation explain(@Nullable Object function, List<CodecProvider> codecs) {
        if (!(function instanceof Serializable serializable) || !isFunction(function.getClass())) {
            throw new IllegalArgumentException("not a function that travels: "
                    + (function == null
                            ? "null"
                            : "an object of " + function.getClass().getName())
                    + "; give a lambda, a method reference, or an object of Call, Action, Work, Effect or another"
                    + " functional interface that extends Serializable");
        }
        List<String> names = new ArrayList<>();
        for (CodecProvider codec : codecs) {
            if (codec instanceof ExplainingCodecProvider explaining) {
                return explaining.explain(serializable, new UnsentObjects());
            }
            names.add(codec.name());
        }
        throw Services.withFailures(new ProviderException("no codec that can explain; module path and class path have "
                + names + "; add module org.processional.codec.jboss (artifact processional-codec-jboss)"));
    }

    /** Whether it is a lambda, or has a type that a lambda can have, above those that every value has. */
    private static boolean isFunction(@Nullable Class<?> type) {
        if (type == null) {
            return false;
        }
        if (type.isHidden() || type.isInterface() && isFunctional(type)) {
            return true;
        }
        for (Class<?> above : type.getInterfaces()) {
            if (isFunction(above)) {
                return true;
            }
        }
        return isFunction(type.getSuperclass());
    }

    /** The JDK marks what is meant for functions; Comparable, for example, is not. */
    private static boolean isFunctional(Class<?> type) {
        if (type.isAnnotationPresent(FunctionalInterface.class)) {
            return true;
        }
        ClassLoader loader = type.getClassLoader();
        if (loader == null || loader == ClassLoader.getPlatformClassLoader()) {
            return false;
        }
        int count = 0;
        for (Method method : type.getMethods()) {
            if (Modifier.isAbstract(method.getModifiers()) && !isOfEveryObject(method)) {
                count++;
            }
        }
        return count == 1;
    }

    private static boolean isOfEveryObject(Method method) {
        try {
            Object.class.getMethod(method.getName(), method.getParameterTypes());
            return true;
        } catch (NoSuchMethodException e) {
            return false;
        }
    }
}
