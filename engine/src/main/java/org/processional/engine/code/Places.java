// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.code;

import java.io.IOException;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.lang.module.ResolvedModule;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.net.URL;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Finds resources with the loaders and module layers from which functions came, and the system's. It holds neither: a
 * loader that nobody else needs is gone.
 *
 * <p>Resources of closed packages, which no loader gives away, are read from their modules: the class that asks for one
 * in the other process is of that module.
 *
 * <p><b>Threads:</b> any thread.
 */
final class Places {
    private final List<WeakReference<ClassLoader>> loaders = new CopyOnWriteArrayList<>();
    private final List<WeakReference<ModuleLayer>> layers = new CopyOnWriteArrayList<>();

    Places() {
        offer(ClassLoader.getSystemClassLoader());
        offer(ModuleLayer.boot());
    }

    /** Adds a loader; says whether it is a new one. */
    boolean offer(ClassLoader loader) {
        return loader != ClassLoader.getPlatformClassLoader() && add(loaders, loader);
    }

    /** Adds a layer and those below it; says whether it is a new one. */
    boolean offer(ModuleLayer layer) {
        boolean isNew = add(layers, layer);
        if (isNew) {
            for (ModuleLayer parent : layer.parents()) { // no lambdas: this is on the way of a slave that starts
                offer(parent);
            }
        }
        return isNew;
    }

    private static synchronized <T> boolean add(List<WeakReference<T>> list, T one) {
        for (WeakReference<T> known : list) {
            if (known.refersTo(one)) {
                return false;
            }
        }
        List<WeakReference<T>> gone = new ArrayList<>();
        for (WeakReference<T> known : list) {
            if (known.refersTo(null)) {
                gone.add(known);
            }
        }
        if (!gone.isEmpty()) {
            list.removeAll(gone);
        }
        list.add(new WeakReference<>(one));
        return true;
    }

    /** Where a name is first found; null if nowhere, or it is the JDK's. */
    @Nullable
    Place first(String name) throws IOException {
        if (isJdk(name)) {
            return null;
        }
        for (ClassLoader loader : alive()) {
            URL url = loader.getResource(name);
            Place place = url == null ? null : Place.of(url);
            if (place != null) {
                return place.isJdk() ? null : place;
            }
        }
        URL url = inModules(name);
        return url == null ? null : Place.of(url);
    }

    /** Everywhere a name is found, in the order in which the loaders have it. */
    List<Place> all(String name) throws IOException {
        Map<String, Place> found = new LinkedHashMap<>();
        for (ClassLoader loader : alive()) {
            var urls = loader.getResources(name);
            while (urls.hasMoreElements()) {
                add(found, urls.nextElement());
            }
        }
        URL url = inModules(name);
        if (url != null) {
            add(found, url);
        }
        return List.copyOf(found.values());
    }

    private static void add(Map<String, Place> found, URL url) {
        Place place = Place.of(url);
        if (place != null && !place.isJdk()) {
            found.putIfAbsent(url.toExternalForm(), place);
        }
    }

    /** The loaders, the system's last: the others are asked for what is theirs, and most ask it themselves. */
    private List<ClassLoader> alive() {
        List<ClassLoader> alive = new ArrayList<>();
        for (WeakReference<ClassLoader> known : loaders) {
            ClassLoader loader = known.get();
            if (loader != null) {
                alive.add(loader);
            }
        }
        alive.add(alive.remove(0));
        return alive;
    }

    private static boolean isJdk(String name) {
        return name.endsWith(".class") && ClassLoader.getPlatformClassLoader().getResource(name) != null;
    }

    private @Nullable URL inModules(String name) throws IOException {
        int end = name.lastIndexOf('/');
        if (end < 0 || name.endsWith(".class")) {
            return null; // what is in no package is open to everybody, and so are class files
        }
        String packageName = name.substring(0, end).replace('/', '.');
        for (WeakReference<ModuleLayer> known : layers) {
            ModuleLayer layer = known.get();
            if (layer == null) {
                continue;
            }
            for (ResolvedModule module : layer.configuration().modules()) {
                ModuleReference reference = module.reference();
                if (reference.descriptor().packages().contains(packageName) && !isOfJdk(module.name())) {
                    try (ModuleReader reader = reference.open()) {
                        Optional<URI> uri = reader.find(name);
                        return uri.isPresent() ? uri.get().toURL() : null;
                    }
                }
            }
        }
        return null;
    }

    private static boolean isOfJdk(String module) {
        return module.startsWith("java.") || module.startsWith("jdk.");
    }
}
