// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.processional.ProxyException;

/**
 * Methods of interfaces, called by name and types where the object lives.
 *
 * <p><b>Threads:</b> from any thread.
 */
final class Methods {
    private static final ClassValue<Map<String, Method>> OF = new ClassValue<>() {
        @Override
        protected Map<String, Method> computeValue(Class<?> type) {
            Map<String, Method> methods = new HashMap<>();
            for (Method method : type.getMethods()) {
                methods.put(signature(method), method);
            }
            return methods;
        }
    };

    private Methods() {}

    /** What names a method of an interface in a message. */
    static String signature(Method method) {
        MethodType types = MethodType.methodType(method.getReturnType(), method.getParameterTypes());
        return method.getName() + types.toMethodDescriptorString();
    }

    /** Fails unless an object is of an interface. */
    static boolean require(@Nullable Object object, Class<?> type) {
        if (!type.isInstance(object)) {
            throw new ProxyException("the object is "
                    + (object == null ? "null" : "of " + object.getClass().getName()) + ", which is not of "
                    + type.getName());
        }
        return true;
    }

    /** The names of the interfaces of an object that everybody may have. */
    static List<String> interfaces(@Nullable Object object) {
        Set<String> names = new LinkedHashSet<>();
        for (Class<?> type = object == null ? null : object.getClass(); type != null; type = type.getSuperclass()) {
            addInterfaces(type, names);
        }
        return new ArrayList<>(names);
    }

    private static void addInterfaces(Class<?> type, Set<String> names) {
        for (Class<?> each : type.getInterfaces()) {
            if (Modifier.isPublic(each.getModifiers()) && !each.isSealed()) {
                names.add(each.getName());
            }
            addInterfaces(each, names);
        }
    }

    /** Calls a method. */
    static @Nullable Object call(
            Exports.Entry entry, Class<?> type, String signature, @Nullable Object @Nullable [] arguments)
            throws Exception {
        Object object = entry.object;
        require(object, type);
        Method method = OF.get(type).get(signature);
        if (method == null) {
            throw new ProxyException(type.getName() + " has no method " + signature
                    + " here; the two processes have different versions of it");
        }
        try {
            return entry.lookup == null
                    ? method.invoke(object, arguments)
                    : by(entry.lookup, method, object, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof Exception own ? own : e;
        } catch (IllegalAccessException e) {
            throw inaccessible(type, e);
        }
    }

    /** Calls a method of an interface that its module shows to the lookup, not to the engine. */
    private static @Nullable Object by(
            MethodHandles.Lookup lookup,
            Method method,
            @Nullable Object object,
            @Nullable Object @Nullable [] arguments)
            throws IllegalAccessException, InvocationTargetException {
        List<@Nullable Object> all = new ArrayList<>();
        all.add(object);
        if (arguments != null) {
            all.addAll(java.util.Arrays.asList(arguments));
        }
        MethodHandle handle = lookup.unreflect(method).asFixedArity();
        try {
            return handle.invokeWithArguments(all);
        } catch (Throwable e) { // what the method threw
            throw new InvocationTargetException(e);
        }
    }

    static ProxyException inaccessible(Class<?> type, IllegalAccessException e) {
        String own = type.getModule().getName() + "/" + type.getPackageName();
        return new ProxyException(
                "the engine may not call methods of " + type.getName() + ": export its package (exports "
                        + type.getPackageName()
                        + "), give export() a MethodHandles.lookup() of its module, or start the process with --add-exports "
                        + own
                        + "=org.processional.engine",
                e);
    }

    /** What a future comes to. */
    static @Nullable Object result(@Nullable Object future) throws Exception {
        if (future == null) {
            throw new ProxyException("the method returned null in place of a future");
        }
        try {
            return future instanceof Future<?> one
                    ? one.get()
                    : ((java.util.concurrent.CompletionStage<?>) future)
                            .toCompletableFuture()
                            .get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof Exception own ? own : e;
        }
    }
}
