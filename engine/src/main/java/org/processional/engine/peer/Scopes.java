// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.processional.Proxy;
import org.processional.ProxyScope;

/**
 * The scopes of proxies that threads have open.
 *
 * <p><b>Threads:</b> each scope belongs to the thread that opened it.
 */
public final class Scopes {
    private static final ThreadLocal<@Nullable Scope> INNERMOST = new ThreadLocal<>();

    private Scopes() {}

    /** Opens a scope for the calling thread. */
    public static ProxyScope open() {
        Scope scope = new Scope(INNERMOST.get());
        INNERMOST.set(scope);
        return scope;
    }

    /** A proxy was made by the calling thread. */
    static void add(Proxy<?> proxy) {
        Scope scope = INNERMOST.get();
        if (scope != null) {
            scope.proxies.add(proxy);
        }
    }

    /** Takes the scopes of the calling thread away, while it runs a function of others; returns what to restore. */
    static @Nullable Object suspend() {
        Scope scope = INNERMOST.get();
        if (scope != null) {
            INNERMOST.remove();
        }
        return scope;
    }

    /** Ends what {@link #suspend} began. */
    static void restore(@Nullable Object scope) {
        if (scope instanceof Scope suspended) {
            INNERMOST.set(suspended);
        } else if (INNERMOST.get() != null) {
            INNERMOST.remove(); // what the function left open
        }
    }

    private static final class Scope implements ProxyScope {
        private final @Nullable Scope outer;
        private final Thread owner = Thread.currentThread();
        private final List<Proxy<?>> proxies = new ArrayList<>(); // owner only
        private boolean closed; // owner only

        Scope(@Nullable Scope outer) {
            this.outer = outer;
        }

        private void requireOwner() {
            if (Thread.currentThread() != owner) {
                throw new IllegalStateException("a scope belongs to the thread that opened it, " + owner.getName()
                        + "; it was used by " + Thread.currentThread().getName());
            }
        }

        @Override
        public <T extends @Nullable Object> Proxy<T> keep(Proxy<T> proxy) {
            requireOwner();
            proxies.removeIf(each -> each == proxy);
            if (outer != null) {
                outer.proxies.add(proxy);
            }
            return proxy;
        }

        @Override
        public void close() {
            requireOwner();
            if (closed) {
                return;
            }
            if (INNERMOST.get() != this) {
                throw new IllegalStateException(
                        "scopes are closed in the reverse order of their opening; use" + " try-with-resources");
            }
            closed = true;
            if (outer == null) {
                INNERMOST.remove();
            } else {
                INNERMOST.set(outer);
            }
            for (int i = proxies.size() - 1; i >= 0; i--) {
                proxies.get(i).close();
            }
            proxies.clear();
        }
    }
}
