// SPDX-License-Identifier: Apache-2.0
package org.example.outsider;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs {@link Way} as containers do, in which it and Processional are in loaders or layers that they made. */
public final class Loaders {
    private static final String PROGRAM = "org.example.outsider.Way";

    private Loaders() {}

    /** Takes the kind of container, a folder of jars, and the arguments of the program. */
    public static void main(String[] arguments) throws Exception {
        Path jars = Path.of(arguments[1]);
        ClassLoader loader = switch (arguments[0]) {
            case "layer" -> layer(ModuleFinder.of(jars));
            case "opaque-layer" -> layer(new OpaqueFinder(ModuleFinder.of(jars)));
            case "server" -> new URLClassLoader("server", urls(jars), ClassLoader.getPlatformClassLoader());
            case "opaque" -> new Opaque(urls(jars));
            case "plugins" -> new Plugins(urls(jars));
            default -> throw new IllegalArgumentException(arguments[0]);
        };
        Thread.currentThread().setContextClassLoader(loader);
        String[] rest = List.of(arguments).subList(2, arguments.length).toArray(new String[0]);
        loader.loadClass(PROGRAM).getMethod("main", String[].class).invoke(null, (Object) rest);
    }

    private static ClassLoader layer(ModuleFinder finder) {
        ModuleLayer boot = ModuleLayer.boot();
        String root = "org.example.outsider";
        Configuration modules = boot.configuration().resolveAndBind(finder, ModuleFinder.of(), Set.of(root));
        ModuleLayer.Controller made =
                ModuleLayer.defineModulesWithOneLoader(modules, List.of(boot), ClassLoader.getPlatformClassLoader());
        Module program = made.layer().findModule(root).orElseThrow();
        made.addExports(program, "org.example.outsider", Loaders.class.getModule());
        return made.layer().findLoader(root);
    }

    private static URL[] urls(Path jars) throws IOException {
        List<URL> urls = new ArrayList<>();
        try (Stream<Path> all = Files.list(jars)) {
            for (Path jar : all.sorted().toList()) {
                urls.add(jar.toUri().toURL());
            }
        }
        return urls.toArray(new URL[0]);
    }

    /** Its modules are of no place that another JVM could read. */
    private static final class OpaqueFinder implements ModuleFinder {
        private final ModuleFinder files;

        OpaqueFinder(ModuleFinder files) {
            this.files = files;
        }

        @Override
        public Optional<ModuleReference> find(String name) {
            return files.find(name).map(OpaqueFinder::elsewhere);
        }

        @Override
        public Set<ModuleReference> findAll() {
            return files.findAll().stream().map(OpaqueFinder::elsewhere).collect(Collectors.toSet());
        }

        private static ModuleReference elsewhere(ModuleReference module) {
            String name = module.descriptor().name();
            return new ModuleReference(module.descriptor(), URI.create("memory:" + name)) {
                @Override
                public ModuleReader open() throws IOException {
                    return module.open();
                }
            };
        }
    }

    /** Its classes are of no place that another JVM could read, as if they had come over a network. */
    private static class Opaque extends ClassLoader {
        private final URLClassLoader files;

        Opaque(URL[] urls) {
            super(ClassLoader.getPlatformClassLoader());
            files = new URLClassLoader(urls, null);
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            try (InputStream in = files.getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length, domainOf(name));
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }

        /** Where a class comes from; null if that is not told. */
        ProtectionDomain domainOf(String name) throws IOException {
            return null;
        }

        @Override
        protected URL findResource(String name) {
            return files.findResource(name);
        }

        @Override
        protected Enumeration<URL> findResources(String name) throws IOException {
            return files.findResources(name);
        }
    }

    /** Each of its classes tells its jar, and the loader none. */
    private static final class Plugins extends Opaque {
        Plugins(URL[] urls) {
            super(urls);
        }

        @Override
        ProtectionDomain domainOf(String name) throws IOException {
            URL found = findResource(name.replace('.', '/') + ".class");
            URL jar = ((JarURLConnection) found.openConnection()).getJarFileURL();
            return new ProtectionDomain(new CodeSource(jar, (Certificate[]) null), null);
        }
    }
}
