// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ResolvedModule;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.processional.Output;
import org.processional.SlaveOptions;
import org.processional.SlaveStartException;
import org.processional.engine.archive.ArchiveKey;
import org.processional.engine.archive.Archives;
import org.processional.spi.Launcher;

/**
 * The command line of a slave: the JVM of this process, its paths and modules, and those of its flags that change what
 * code means.
 *
 * <p><b>Threads:</b> stateless.
 */
final class JvmCommand {
    private static final int OLDEST_JAVA = 17;

    /** A JVM does not start with flags that it does not know: this one is known from Java 24 on. */
    private static final String ILLEGAL_NATIVE = "--illegal-native-access=";

    /** The same; from 23 on, and of use from 24 on. */
    private static final String UNSAFE = "--sun-misc-unsafe-memory-access=";

    private static final int JAVA_WITH_THESE = 24;

    /** Flags that a slave has as its master does; never debugger, agents, heap, collector. */
    private static final String[] INHERITED = {
        "--enable-preview",
        "--add-opens=",
        "--add-exports=",
        "--add-reads=",
        "--enable-native-access=",
        ILLEGAL_NATIVE,
        UNSAFE,
        "-ea",
        "-da",
        "-esa",
        "-dsa",
        "-enableassertions",
        "-disableassertions",
        "-enablesystemassertions",
        "-disablesystemassertions",
        "-Dfile.encoding=",
        "-Dstdout.encoding=",
        "-Dstderr.encoding=",
        "-Dsun.jnu.encoding=",
        "-Duser.language=",
        "-Duser.country=",
        "-Duser.variant=",
        "-Duser.script=",
        "-Duser.timezone=",
        "-Dprocessional.transport=",
        "-D" + Archives.PROPERTY + "=",
    };

    /** Where a JVM finds flags besides its command line. */
    static final List<String> FLAG_VARIABLES = List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    /** Flags with which a slave may have modules that its master has not. */
    private static final String[] CHOOSE_MODULES = {
        "@", "-p", "--module-path", "--add-modules", "--limit-modules", "--add-reads"
    };

    private static final String MAIN = SlaveMain.class.getName();

    private JvmCommand() {}

    /**
     * What to start.
     *
     * @param command the command; with the flags for an archive of class data, if there is one
     * @param missing the key of the archive that there is not; null if there is one, or can be none
     */
    record Prepared(Launcher.Command command, @Nullable ArchiveKey missing) {}

    /**
     * Makes the command of a slave.
     *
     * @param scheme the scheme of its transport
     */
    static Prepared of(SlaveOptions options, String scheme) {
        Path home = options.javaHome() == null ? Path.of(System.getProperty("java.home")) : options.javaHome();
        Path java = home.resolve("bin").resolve(File.separatorChar == '\\' ? "java.exe" : "java");
        if (!Files.isExecutable(java)) {
            throw new SlaveStartException("no java at " + java + "; give the option javaHome the home of a JDK or JRE");
        }
        int feature = options.javaHome() == null ? Runtime.version().feature() : featureOf(home);
        if (feature > 0 && feature < OLDEST_JAVA) {
            throw new SlaveStartException(home + " is Java " + feature + ", and slaves need Java " + OLDEST_JAVA
                    + " or later; give the option javaHome the home of one, or leave it out for that of this process");
        }
        if (options.directory() != null && !Files.isDirectory(options.directory())) {
            throw new SlaveStartException("the working directory " + options.directory() + " does not exist");
        }
        List<String> flags = new ArrayList<>();
        addFlags(flags, options, feature);
        List<String> paths = new ArrayList<>();
        addPaths(paths, options);
        Map<String, String> environment = environment(options);
        ArchiveKey key = archiveKey(options, home, feature, flags, paths, environment, scheme);
        List<String> archive = key == null ? List.of() : Archives.ofUser().flags(key);
        List<String> line = new ArrayList<>();
        line.add(java.toString());
        line.addAll(archive); // first, for the last word is the user's
        line.addAll(flags);
        line.addAll(paths);
        Launcher.Command command =
                new Launcher.Command(line, environment, options.directory(), options.output() == Output.INHERIT);
        return new Prepared(command, archive.isEmpty() ? key : null);
    }

    private static @Nullable ArchiveKey archiveKey(
            SlaveOptions options,
            Path home,
            int feature,
            List<String> flags,
            List<String> paths,
            Map<String, String> environment,
            String scheme) {
        if (!options.archive() || !Archives.isOn()) {
            return null;
        }
        List<String> all = new ArrayList<>(flags);
        for (String variable : FLAG_VARIABLES) {
            String more = environment.get(variable);
            if (more != null && !more.isBlank()) {
                all.addAll(List.of(more.trim().split("\\s+")));
            }
        }
        return ArchiveKey.of(home, feature, all, paths, scheme);
    }

    /** The version of the Java in a folder, as its file {@code release} says; 0 if it does not. */
    private static int featureOf(Path home) {
        try (Stream<String> lines = Files.lines(home.resolve("release"))) {
            return lines.filter(line -> line.startsWith("JAVA_VERSION="))
                    .map(line -> line.substring("JAVA_VERSION=".length()).replace("\"", ""))
                    .mapToInt(version -> version.startsWith("1.")
                            ? 8 // or earlier
                            : Runtime.Version.parse(version).feature())
                    .findFirst()
                    .orElse(0);
        } catch (IOException | RuntimeException e) {
            return 0; // the JVM itself will say what it does not like
        }
    }

    /**
     * The flags.
     *
     * @param feature the version of Java that runs the slave; 0 if it is not known
     */
    private static void addFlags(List<String> line, SlaveOptions options, int feature) {
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            boolean known = feature >= JAVA_WITH_THESE || !flag.startsWith(UNSAFE) && !flag.startsWith(ILLEGAL_NATIVE);
            if (known && isInherited(flag)) {
                line.add(flag);
            }
        }
        if (feature >= JAVA_WITH_THESE && !hasPrefix(line, UNSAFE)) {
            line.add(UNSAFE + "allow"); // JBoss Marshalling; else a warning on the terminal
        }
        if (options.heap() != null) {
            line.add("-Xmx" + options.heap());
        }
        if (options.debug() != null) {
            line.add("-agentlib:jdwp=transport=dt_socket,server=y,suspend=y,address=localhost:" + options.debug());
        }
        line.addAll(options.flags());
    }

    private static boolean isInherited(String flag) {
        return hasPrefix(flag, INHERITED);
    }

    private static boolean hasPrefix(List<String> line, String prefix) {
        for (String flag : line) {
            if (flag.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    private static void addPaths(List<String> line, SlaveOptions options) {
        Module engine = SlaveMain.class.getModule();
        String modulePath = options.modulePath() == null ? modulePathOfThis(options) : join(options.modulePath());
        String classPath =
                options.classPath() == null ? path(System.getProperty("java.class.path")) : join(options.classPath());
        if (!modulePath.isEmpty()) {
            line.add("-p");
            line.add(modulePath);
            String modules = applicationModules(options.modulePath() != null);
            if (!modules.isEmpty()) {
                line.add("--add-modules");
                line.add(modules);
            }
            if (options.modulePath() == null) {
                addExports(line, engine);
            }
        }
        line.add("-cp");
        line.add(classPath);
        boolean isOnClassPath = options.modulePath() != null && modulePath.isEmpty();
        if (engine.isNamed() && !isOnClassPath) {
            line.add("-m");
            line.add(engine.getName() + "/" + MAIN);
        } else {
            line.add(MAIN);
        }
    }

    /**
     * The module path of this process; without what it has not loaded, for a JVM looks into every jar of it, unless the
     * flags ask for other modules.
     */
    private static String modulePathOfThis(SlaveOptions options) {
        String whole = path(System.getProperty("jdk.module.path"));
        for (String flag : options.flags()) {
            if (hasPrefix(flag, CHOOSE_MODULES)) {
                return whole;
            }
        }
        List<Path> used = new ArrayList<>();
        for (ResolvedModule module : ModuleLayer.boot().configuration().modules()) {
            URI place = module.reference().location().orElse(null);
            if (place != null && "file".equals(place.getScheme())) {
                used.add(Path.of(place));
            }
        }
        used.sort(null);
        return whole.isEmpty() ? whole : join(used);
    }

    private static boolean hasPrefix(String flag, String[] prefixes) {
        for (String prefix : prefixes) {
            if (flag.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    /** The modules of this process that are not of the JDK's own loaders; all there are if the path is another one. */
    private static String applicationModules(boolean otherPath) {
        if (otherPath) {
            return "ALL-MODULE-PATH";
        }
        TreeSet<String> names = new TreeSet<>();
        ClassLoader application = ClassLoader.getSystemClassLoader();
        for (Module module : ModuleLayer.boot().modules()) {
            if (module.getClassLoader() == application && !module.getName().startsWith("jdk.")) {
                names.add(module.getName());
            }
        }
        return String.join(",", names);
    }

    /** What lets the engine of the slave call interfaces of the user's own modules, in all their packages, for stand-ins. */
    private static void addExports(List<String> line, Module engine) {
        for (Module module : ModuleLayer.boot().modules()) {
            for (String name : isOfTheUser(module.getDescriptor()) ? module.getPackages() : Set.<String>of()) {
                if (!module.isExported(name, engine)) {
                    line.add("--add-exports=" + module.getName() + "/" + name + "=" + engine.getName());
                }
            }
        }
    }

    /** Whether a module uses the api, and provides nothing to it. */
    private static boolean isOfTheUser(ModuleDescriptor descriptor) {
        String api = SlaveOptions.class.getModule().getName();
        return descriptor.requires().stream().anyMatch(needed -> needed.name().equals(api))
                && descriptor.provides().stream()
                        .noneMatch(given -> given.service().startsWith(api + ".spi."));
    }

    /** A path with every entry absolute, since the slave may have another working directory. */
    private static String path(@Nullable String path) {
        if (path == null || path.isEmpty()) {
            return "";
        }
        List<Path> entries = new ArrayList<>();
        for (String entry : path.split(File.pathSeparator, -1)) {
            entries.add(Path.of(entry));
        }
        return join(entries);
    }

    private static String join(List<Path> entries) {
        StringBuilder joined = new StringBuilder();
        for (Path entry : entries) {
            if (joined.length() > 0) {
                joined.append(File.pathSeparatorChar);
            }
            joined.append(entry.toAbsolutePath());
        }
        return joined.toString();
    }

    private static Map<String, String> environment(SlaveOptions options) {
        Map<String, String> environment = new HashMap<>(System.getenv());
        for (Map.Entry<String, String> variable : options.environment().entrySet()) {
            if (variable.getValue().isEmpty()) {
                environment.remove(variable.getKey());
            } else {
                environment.put(variable.getKey(), variable.getValue());
            }
        }
        return environment;
    }
}
