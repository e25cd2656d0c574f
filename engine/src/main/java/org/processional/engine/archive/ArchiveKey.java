// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.archive;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What an archive is good for: a JDK, flags, and a path of jars as they are now. Where one of it is another, there is
 * another key, so that an archive is never used with what it was not made from.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param name the key as the name of a file
 * @param kind how the JDK archives
 * @param flags those of the JVM that an archive depends on
 * @param paths the rest of the command line: paths, modules, main class
 */
public record ArchiveKey(String name, ArchiveKind kind, List<String> flags, List<String> paths) {
    private static final int NAME_BYTES = 16;
    private static final String JAR = ".jar";

    /** Who gives one of these wants something else, or has what no archive survives. */
    private static final String[] UNFIT = {
        "@",
        "-agent",
        "-javaagent",
        "-Xrun",
        "-Xdebug",
        "-Xshare",
        "-Xbootclasspath",
        "-XX:SharedArchiveFile",
        "-XX:SharedClassListFile",
        "-XX:ArchiveClassesAtExit",
        "-XX:DumpLoadedClassList",
        "-XX:+AutoCreateSharedArchive",
        "-XX:AOT",
        "-XX:StartFlightRecording",
        "-XX:Flags=",
        "-XX:VMOptionsFile",
        "--patch-module",
        "--limit-modules",
        "--upgrade-module-path",
        "-Djava.system.class.loader",
    };

    /** What says how a JVM reports, and not what it loads: it would only make keys more, and write files twice. */
    private static final String[] DROPPED = {
        "-D", "-Xlog", "-Xloggc", "-verbose", "-XX:+Print", "-XX:ErrorFile", "-XX:LogFile", "-XX:+Heap", "-XX:Heap",
    };

    /** Options whose value is the next word, and is a path. */
    private static final Set<String> PATHS = Set.of("-p", "-cp");

    /** Takes copies. */
    public ArchiveKey {
        flags = List.copyOf(flags);
        paths = List.copyOf(paths);
    }

    /**
     * The key of a command.
     *
     * @param home the JDK or JRE
     * @param feature its version; 0 if it is not known
     * @param flags the flags of the JVM
     * @param paths the rest of the command
     * @param use what it will do first, such as the transport: what is worth archiving depends on it
     * @return null if no archive can be made: there are folders on a path, or the flags forbid it
     */
    public static @Nullable ArchiveKey of(Path home, int feature, List<String> flags, List<String> paths, String use) {
        ArchiveKind kind = ArchiveKind.of(feature);
        List<String> kept = kind == null ? null : keptOf(flags);
        if (kind == null || kept == null) {
            return null;
        }
        StringBuilder text = new StringBuilder(use).append('\n').append(kept).append('\n');
        try {
            if (!addFile(text, home.resolve("lib").resolve("modules"))) {
                return null; // a Java of another shape
            }
            for (int i = 0; i < paths.size(); i++) {
                text.append(paths.get(i)).append('\n');
                if (PATHS.contains(paths.get(i)) && !addPath(text, paths.get(++i))) {
                    return null;
                }
            }
        } catch (IOException e) {
            return null; // a path that is not there, or not readable
        }
        return new ArchiveKey(hash(text.toString()), kind, kept, paths);
    }

    private static @Nullable List<String> keptOf(List<String> flags) {
        List<String> kept = new ArrayList<>();
        for (String flag : flags) {
            if (hasPrefix(flag, UNFIT)) {
                return null;
            }
            if (!hasPrefix(flag, DROPPED)) {
                kept.add(flag);
            }
        }
        return kept;
    }

    private static boolean hasPrefix(String flag, String[] prefixes) {
        for (String prefix : prefixes) {
            if (flag.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    private static boolean addPath(StringBuilder text, String path) throws IOException {
        if (path.isEmpty()) {
            return true;
        }
        for (String entry : path.split(File.pathSeparator, -1)) {
            Path file = Path.of(entry);
            if (!(Files.isDirectory(file) ? addFolderOfJars(text, file) : addFile(text, file))) {
                return false;
            }
        }
        return true;
    }

    /** Of a module path. A folder of anything else is one of classes, which no archive can be made of. */
    private static boolean addFolderOfJars(StringBuilder text, Path folder) throws IOException {
        TreeSet<Path> files = new TreeSet<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
            for (Path file : all) {
                if (!file.toString().endsWith(JAR)) {
                    return false;
                }
                files.add(file);
            }
        }
        for (Path file : files) {
            if (!addFile(text, file)) {
                return false;
            }
        }
        return !files.isEmpty();
    }

    private static boolean addFile(StringBuilder text, Path file) throws IOException {
        BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
        text.append(file)
                .append(' ')
                .append(found.size())
                .append(' ')
                .append(found.lastModifiedTime())
                .append('\n');
        return found.isRegularFile();
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, NAME_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JVM lacks SHA-256, which every Java platform has", e);
        }
    }
}
