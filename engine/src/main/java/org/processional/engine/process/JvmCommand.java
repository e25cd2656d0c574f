// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.processional.Output;
import org.processional.SlaveOptions;
import org.processional.SlaveStartException;
import org.processional.engine.archive.ArchiveKey;
import org.processional.engine.archive.Archives;
import org.processional.engine.filter.Filter;
import org.processional.spi.Launcher;

/**
 * The command line of a slave: the JVM of this process, its paths and modules, and those of its flags that change what
 * code means.
 *
 * <p><b>Threads:</b> stateless.
 */
final class JvmCommand {
    private static final int OLDEST_JAVA = 17;

    /** The oldest with which trimming was measured; there it is worth a seventh of the memory of an idle slave. */
    private static final int JAVA_THAT_TRIMS = 25;

    /** What the C library keeps of the memory of the compilers is given back now and then; it cannot be done everywhere. */
    private static final List<String> TRIM = List.of("-XX:TrimNativeHeapInterval=30000", "-Xlog:trimnative=off");

    /** The JVM exits with code 3 then. */
    static final String EXIT_ON_OUT_OF_MEMORY = "-XX:+ExitOnOutOfMemoryError";

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
        Path home = options.javaHome() == null ? homeOfThis() : options.javaHome();
        Path java = javaOf(home);
        int feature = options.javaHome() == null ? Runtime.version().feature() : featureOf(home);
        if (feature > 0 && feature < OLDEST_JAVA) {
            throw new SlaveStartException(home + " is Java " + feature + ", and slaves need Java " + OLDEST_JAVA
                    + " or later; give the option javaHome the home of one, or leave it out for that of this process");
        }
        if (options.directory() != null && !Files.isDirectory(options.directory())) {
            throw new SlaveStartException("the working directory " + options.directory() + " does not exist");
        }
        EngineSearch.require(options);
        List<String> flags = flags(options, feature);
        List<String> paths = SlavePaths.of(options, feature);
        Map<String, String> environment = EnvironmentOfSlave.of(options);
        EnvironmentOfSlave.requireEncodable(paths, environment);
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

    private static Path homeOfThis() {
        String home = System.getProperty("java.home");
        if (home == null) {
            throw new SlaveStartException("this program runs without a JVM (a native image), and a slave is one; give"
                    + " the options javaHome and classPath");
        }
        return Path.of(home);
    }

    private static Path javaOf(Path home) {
        Path java = home.resolve("bin").resolve(File.separatorChar == '\\' ? "java.exe" : "java");
        if (Files.isExecutable(java)) {
            return java;
        }
        if (Files.exists(home.resolve("lib").resolve("modules"))) {
            throw new SlaveStartException("no java at " + java + ", in a run-time image that was linked without its"
                    + " commands, as jpackage does it (--strip-native-commands); give jpackage the option"
                    + " --jlink-options \"--strip-debug --no-man-pages --no-header-files\", or the option javaHome the"
                    + " home of a JDK or JRE");
        }
        throw new SlaveStartException("no java at " + java + "; give the option javaHome the home of a JDK or JRE");
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
        for (String variable : EnvironmentOfSlave.FLAG_VARIABLES) {
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
    private static List<String> flags(SlaveOptions options, int feature) {
        List<String> line = InheritedFlags.of(feature, options.modulePath() == null);
        if (feature >= InheritedFlags.JAVA_WITH_THESE && !hasPrefix(line, InheritedFlags.UNSAFE)) {
            line.add(InheritedFlags.UNSAFE + "allow"); // JBoss Marshalling; else a warning on the terminal
        }
        if (feature >= JAVA_THAT_TRIMS && System.getProperty("os.name").equals("Linux")) {
            line.addAll(TRIM);
        }
        String filter = Filter.ofJava();
        if (filter != null) {
            line.add("-D" + Filter.JVM_FILTER + "=" + filter); // its own flags come later, and count
        }
        if (options.heap() != null) {
            line.add("-Xmx" + options.heap());
        }
        if (options.exitOnOutOfMemory()) {
            line.add(EXIT_ON_OUT_OF_MEMORY);
            line.add("-XX:+DisplayVMOutputToStderr"); // what it says then is one of its last words
        }
        if (options.heapDump() != null) {
            line.add("-XX:+HeapDumpOnOutOfMemoryError");
            line.add("-XX:HeapDumpPath=" + options.heapDump().toAbsolutePath());
        }
        if (options.debug() != null) {
            line.add("-agentlib:jdwp=transport=dt_socket,server=y,suspend=y,address=localhost:" + options.debug());
        }
        line.addAll(options.flags());
        return line;
    }

    private static boolean hasPrefix(List<String> line, String prefix) {
        for (String flag : line) {
            if (flag.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }
}
