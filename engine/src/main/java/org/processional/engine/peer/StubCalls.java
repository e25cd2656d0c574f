// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.processional.Local;
import org.processional.OneWay;
import org.processional.ProcessionalException;
import org.processional.Task;
import org.processional.spi.Stub;

/**
 * What the methods of a live stand-in do: they are called on the object, where it lives, on the main thread of its owner.
 *
 * <p><b>Threads:</b> from any thread.
 */
final class StubCalls implements InvocationHandler {
    private final RemoteProxy<?> proxy;

    private StubCalls(RemoteProxy<?> proxy) {
        this.proxy = proxy;
    }

    /** A stand-in with some interfaces: those that one of their loaders sees, together with the mark of stand-ins. */
    static Object make(RemoteProxy<?> proxy, List<Class<?>> types) {
        ClassLoader best = Stub.class.getClassLoader();
        List<Class<?>> most = seen(best, types);
        for (Class<?> type : types) {
            ClassLoader own = type.getClassLoader();
            if (most.size() <= types.size() && own != null && sees(own, Stub.class)) {
                List<Class<?>> seen = seen(own, types);
                if (seen.size() > most.size()) {
                    most = seen;
                    best = own;
                }
            }
        }
        return Proxy.newProxyInstance(best, most.toArray(new Class<?>[0]), new StubCalls(proxy));
    }

    private static List<Class<?>> seen(@Nullable ClassLoader by, List<Class<?>> types) {
        List<Class<?>> seen = new ArrayList<>();
        for (Class<?> type : types) {
            if (sees(by, type)) {
                seen.add(type);
            }
        }
        seen.add(Stub.class);
        return seen;
    }

    private static boolean sees(@Nullable ClassLoader loader, Class<?> type) {
        try {
            return Class.forName(type.getName(), false, loader) == type;
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }

    /** The proxy behind a stand-in; null if it is none of these. */
    static @Nullable RemoteProxy<?> proxyOf(Object object) {
        boolean isStub = object instanceof Stub && Proxy.isProxyClass(object.getClass());
        return isStub && Proxy.getInvocationHandler(object) instanceof StubCalls calls ? calls.proxy : null;
    }

    @Override
    @SuppressWarnings({"FutureReturnValueIgnored", "NullAway"}) // of a one-way method; and methods may return null
    public @Nullable Object invoke(Object self, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        Class<?> type = method.getDeclaringClass();
        if (type == Object.class) {
            return ofObject(self, method, arguments);
        }
        if (method.isDefault() && method.isAnnotationPresent(Local.class)) {
            return here(self, method, arguments);
        }
        String signature = Methods.signature(method);
        EntryCall<@Nullable Object> call = entry -> Methods.call(entry, type, signature, arguments);
        if (isFuture(method.getReturnType())) {
            return later(proxy.keep(call, type), method);
        }
        if (method.isAnnotationPresent(OneWay.class) && method.getReturnType() == void.class) {
            proxy.post(call, type);
            return null;
        }
        return proxy.<@Nullable Object, Exception>ask(call, type);
    }

    private static @Nullable Object here(Object self, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        try {
            return InvocationHandler.invokeDefault(self, method, arguments);
        } catch (IllegalAccessException e) {
            throw Methods.inaccessible(method.getDeclaringClass(), e);
        }
    }

    private @Nullable Object ofObject(Object self, Method method, @Nullable Object @Nullable [] arguments) {
        switch (method.getName()) {
            case "equals" -> {
                Object other = arguments == null ? null : arguments[0];
                if (other == null || other == self) {
                    return other == self;
                }
                RemoteProxy<?> same = proxyOf(other);
                return same != null && same.isOf(proxy)
                        || proxy.<Boolean, RuntimeException>ask(entry -> Objects.equals(entry.object, other));
            }
            case "hashCode" -> {
                return proxy.<Integer, RuntimeException>ask(entry -> Objects.hashCode(entry.object));
            }
            default -> {
                try {
                    return proxy.<String, RuntimeException>ask(entry -> String.valueOf(entry.object));
                } catch (ProcessionalException e) { // the owner is gone, say: a debugger asks too
                    return "stand-in of " + proxy;
                }
            }
        }
    }

    // ---- methods that return a future

    private static boolean isFuture(Class<?> type) {
        return type == Task.class
                || type == Future.class
                || type == CompletionStage.class
                || type == CompletableFuture.class;
    }

    /** A future here of one that is kept there; a thread there waits for it. */
    @SuppressWarnings({"NullAway", "FutureReturnValueIgnored"}) // the result may be null; closing fails nobody
    private static Object later(RemoteProxy<?> kept, Method method) {
        Task<@Nullable Object> task = kept.thread(entry -> Methods.result(entry.object), method.getDeclaringClass());
        CompletableFuture<@Nullable Object> future = task.toCompletableFuture();
        future.whenComplete((result, error) -> kept.close());
        return method.getReturnType().isInstance(task) ? task : future;
    }
}
