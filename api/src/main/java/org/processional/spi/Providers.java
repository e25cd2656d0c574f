// SPDX-License-Identifier: Apache-2.0
package org.processional.spi;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * The one place that calls {@link ServiceLoader}.
 *
 * <p>Providers are looked for with the class loader of this module, then with the context class loader of the thread. A
 * provider that fails to load does not take the others down; its failure is in {@link Found#failures()}.
 *
 * <p><b>Threads:</b> from any thread; every call looks again.
 *
 * @since 0.1
 */
public final class Providers {
    private Providers() {}

    /**
     * What was found.
     *
     * @param providers those that loaded, in the order of the path
     * @param failures why others did not load
     * @param <S> the service
     */
    public record Found<S>(List<S> providers, List<Throwable> failures) {}

    /**
     * Finds the providers of a service of this package.
     *
     * @param service the interface
     * @param <S> the service
     * @return all that load, and why others do not
     */
    public static <S> Found<S> find(Class<S> service) {
        Found<S> found = new Found<>(new ArrayList<>(), new ArrayList<>());
        ClassLoader own = Providers.class.getClassLoader();
        collect(ServiceLoader.load(service, own), found);
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        if (context != null && context != own) {
            collect(ServiceLoader.load(service, context), found);
        }
        return found;
    }

    /**
     * Finds one provider whose class is known, without a look at the others: on a class path that would open every jar.
     *
     * @param service the interface
     * @param name the binary name of the provider's class
     * @param <S> the service
     * @return the provider; null if there is none of that class, or it does not load
     */
    public static <S> @Nullable S find(Class<S> service, String name) {
        try {
            Class<?> type = Class.forName(name, false, Providers.class.getClassLoader());
            if (!service.isAssignableFrom(type)) {
                return null;
            }
            return type.getModule().isNamed()
                    ? inModules(service, type)
                    : service.cast(type.getConstructor().newInstance());
        } catch (ReflectiveOperationException | LinkageError | ServiceConfigurationError e) {
            return null; // who looks at all of them learns the reason
        }
    }

    /** Modules are asked before the class path, so that it is not if the provider is in one. */
    private static <S> @Nullable S inModules(Class<S> service, Class<?> type) {
        Iterator<ServiceLoader.Provider<S>> all =
                ServiceLoader.load(service, type.getClassLoader()).stream().iterator();
        while (all.hasNext()) {
            ServiceLoader.Provider<S> provider = all.next();
            if (provider.type() == type) {
                return provider.get();
            }
        }
        return null;
    }

    private static boolean has(List<?> providers, Class<?> type) {
        for (Object provider : providers) {
            if (provider.getClass() == type) {
                return true;
            }
        }
        return false;
    }

    private static <S> void collect(ServiceLoader<S> loader, Found<S> found) {
        Iterator<S> providers = loader.iterator();
        while (true) {
            try {
                if (!providers.hasNext()) {
                    return;
                }
                S provider = providers.next();
                if (!has(found.providers, provider.getClass())) {
                    found.providers.add(provider);
                }
            } catch (ServiceConfigurationError | LinkageError e) {
                if (!found.failures.isEmpty() && found.failures.size() > 100) {
                    return; // a loader that fails without end
                }
                found.failures.add(
                        e instanceof ServiceConfigurationError told
                                ? told
                                : new ServiceConfigurationError("a provider lacks something: " + e, e));
            }
        }
    }
}
