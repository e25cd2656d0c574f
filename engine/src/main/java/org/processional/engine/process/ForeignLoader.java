// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.processional.Processional;
import org.processional.SlaveOptions;
import org.processional.SlaveStartException;
import org.processional.spi.CodecProvider;
import org.processional.spi.Transport;

/**
 * What a slave is started with where Processional is not on the paths of the application, but in a class loader of an
 * application server, of plugins, or of Spring Boot.
 *
 * <p>From files, they are put on the slave's class path, behind that of this process: all files of the loader, and of
 * those above it, where they tell them ({@link URLClassLoader}); else those with Processional and its libraries, and
 * what else the tasks need is shipped. From jars within an executable jar of Spring Boot, its own launcher is started.
 *
 * <p><b>Threads:</b> stateless.
 */
final class ForeignLoader {
    private static final ClassLoader LOADER = SlaveMain.class.getClassLoader();
    private static final String BOOT = "org.springframework.boot.loader.";

    /** Launchers that take the class to run from a property, of Spring Boot 3.2 and later, and before. */
    private static final String[] LAUNCHERS = {BOOT + "launch.PropertiesLauncher", BOOT + "PropertiesLauncher"};

    private static final String LAUNCHER_PROPERTIES = "loader.";
    private static final String LAUNCHER_MAIN = LAUNCHER_PROPERTIES + "main";
    private static final String LAUNCHER_PATH = LAUNCHER_PROPERTIES + "path";

    /** Of the libraries of the engine, the codec and the transports, one class each; some may be absent. */
    private static final String[] LIBRARIES = {
        "com.lmax.disruptor.RingBuffer",
        "org.slf4j.Logger",
        "org.slf4j.simple.SimpleLogger",
        "org.jboss.marshalling.Marshaller",
        "org.jboss.marshalling.river.RiverMarshaller",
        "org.jboss.marshalling.serial.SerialMarshaller",
        "jnr.unixsocket.UnixSocket",
        "jnr.enxio.channels.NativeSocketChannel",
        "jnr.posix.POSIX",
        "jnr.constants.Constant",
        "jnr.ffi.Runtime",
        "jnr.a64asm.Asm",
        "jnr.x86asm.Asm",
        "com.kenai.jffi.Library",
        "org.objectweb.asm.ClassWriter",
        "org.objectweb.asm.commons.Method",
        "org.objectweb.asm.tree.ClassNode",
        "org.objectweb.asm.tree.analysis.Analyzer",
        "org.objectweb.asm.util.CheckClassAdapter",
    };

    /** Of a library without classes: the native code of jffi, for all systems in one jar. */
    private static final String NATIVE = "jni/x86_64-Linux/libjffi-1.2.so";

    private ForeignLoader() {}

    /** Whether Processional is of another loader than the application's, and in no module. */
    static boolean isOfThis() {
        return !isOfApplication(LOADER);
    }

    private static boolean isOfApplication(@Nullable ClassLoader loader) {
        for (ClassLoader known = ClassLoader.getSystemClassLoader(); known != null; known = known.getParent()) {
            if (known == loader) {
                return true;
            }
        }
        return loader == null;
    }

    /**
     * Adds the class path and the class to run.
     *
     * @param classPath that of this process
     * @param main the class to run
     * @throws SlaveStartException if another JVM cannot read where the code is
     */
    static void addTo(List<String> line, List<Path> classPath, String main) {
        URL place = placeOf(SlaveMain.class);
        String launcher = place != null && fileOf(place) == null ? bootLauncher() : null;
        if (launcher != null) {
            addLauncherProperties(line, String.valueOf(place), main);
            line.add("-cp");
            line.add(PathText.join(classPath));
            line.add(launcher);
            return;
        }
        Set<Path> files = new LinkedHashSet<>(classPath);
        addLoaderFiles(files, LOADER);
        addLibraries(files);
        line.add("-cp");
        line.add(PathText.join(List.copyOf(files)));
        line.add(main);
    }

    // ---- Spring Boot

    private static @Nullable String bootLauncher() {
        for (String launcher : LAUNCHERS) {
            String resource = launcher.replace('.', '/') + ".class";
            if (LOADER.getClass().getName().startsWith(BOOT) && ClassLoader.getSystemResource(resource) != null) {
                return launcher;
            }
        }
        return null;
    }

    /** The properties of this process that the launcher heeds, and the class to run. */
    private static void addLauncherProperties(List<String> line, String place, String main) {
        boolean path = false;
        for (String name : System.getProperties().stringPropertyNames()) {
            if (name.startsWith(LAUNCHER_PROPERTIES) && !name.equals(LAUNCHER_MAIN)) {
                path |= name.equals(LAUNCHER_PATH);
                line.add("-D" + name + "=" + System.getProperty(name));
            }
        }
        if (!path && place.contains("WEB-INF/")) { // the launcher looks into BOOT-INF by itself, not into this
            line.add("-D" + LAUNCHER_PATH + "=WEB-INF/classes,WEB-INF/lib,WEB-INF/lib-provided");
        }
        line.add("-D" + LAUNCHER_MAIN + "=" + main);
    }

    // ---- files

    /** The files of a loader and of those above it, up to the application's, the uppermost first. */
    private static void addLoaderFiles(Set<Path> files, ClassLoader loader) {
        ClassLoader parent = loader.getParent();
        if (parent != null && !isOfApplication(parent)) {
            addLoaderFiles(files, parent);
        }
        if (loader instanceof URLClassLoader known) {
            for (URL url : known.getURLs()) {
                Path file = fileOf(url);
                if (file != null) {
                    files.add(file);
                }
            }
        }
    }

    private static void addLibraries(Set<Path> files) {
        List<Class<?>> needed = new ArrayList<>(List.of(SlaveMain.class, Processional.class, SlaveOptions.class));
        for (Transport transport : Services.transports()) {
            needed.add(transport.getClass());
        }
        for (CodecProvider codec : Services.codecs(null)) {
            needed.add(codec.getClass());
        }
        for (String library : LIBRARIES) {
            Class<?> type = find(library);
            if (type != null) { // what is absent here is absent there
                needed.add(type);
            }
        }
        for (Class<?> type : needed) {
            URL place = placeOf(type);
            Path file = place == null ? null : fileOf(place);
            if (file == null) {
                throw new SlaveStartException("this program has " + type.getName() + " from " + place + " by the class"
                        + " loader " + type.getClassLoader() + ", which no other JVM can read; give the option"
                        + " classPath the jars of Processional and its libraries as files");
            }
            files.add(file);
        }
        addNative(files);
    }

    private static void addNative(Set<Path> files) {
        URL found = LOADER.getResource(NATIVE);
        String text = found == null ? "" : found.toExternalForm();
        Path jar = text.endsWith("!/" + NATIVE) ? fileOf(text.substring(0, text.length() - NATIVE.length())) : null;
        if (jar != null) { // else jnr says what it lacks, if it is used
            files.add(jar);
        }
    }

    private static @Nullable Class<?> find(String name) {
        try {
            return Class.forName(name, false, LOADER);
        } catch (ClassNotFoundException | LinkageError e) {
            return null;
        }
    }

    private static @Nullable URL placeOf(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        return source == null ? null : source.getLocation();
    }

    /** The file or folder of a URL such as {@code file:/a.jar} or {@code jar:file:/a.jar!/}; null if it is none. */
    private static @Nullable Path fileOf(URL url) {
        return fileOf(url.toExternalForm());
    }

    private static @Nullable Path fileOf(String url) {
        String text = url;
        if (text.startsWith("jar:file:") && text.endsWith("!/")) {
            text = text.substring("jar:".length(), text.length() - "!/".length());
        }
        if (!text.startsWith("file:") || text.contains("!/")) {
            return null;
        }
        try {
            return Path.of(new URI(text));
        } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
            return fileOfPlain(text.substring("file:".length()));
        }
    }

    /** Some loaders do not encode what a URL must: {@code file:/a b.jar}. */
    private static @Nullable Path fileOfPlain(String path) {
        try {
            return Path.of(path);
        } catch (InvalidPathException e) {
            return null;
        }
    }
}
