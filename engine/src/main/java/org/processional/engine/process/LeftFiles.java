// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files that a JVM leaves when it dies: the log of a crash, and its heap. Flags say where, and else the JVM has its
 * own places.
 *
 * <p><b>Threads:</b> immutable.
 */
final class LeftFiles {
    private static final String CRASH_LOG = "-XX:ErrorFile=";
    private static final String HEAP_DUMP = "-XX:HeapDumpPath=";
    private static final String TEMPORARY = "/tmp";
    private static final int SCANNED_LINES = 40;

    /** What the JVM writes into the log of a crash that was for lack of memory. */
    private static final List<String> NO_MEMORY = List.of(
            "insufficient memory for the Java Runtime Environment", "Out of Memory Error", "OutOfMemory encountered");

    private final List<String> flags;
    private final Path directory;
    private final long pid;
    private final FileTime start;

    /**
     * Of a JVM that has started.
     *
     * @param flags its flags, in which the last one of a kind counts
     * @param directory its working directory
     * @param pid its process id
     * @param start when it was started, or a little before
     */
    LeftFiles(List<String> flags, Path directory, long pid, FileTime start) {
        this.flags = List.copyOf(flags);
        this.directory = directory;
        this.pid = pid;
        this.start = start;
    }

    /** The flags of a command line, and those that its environment adds. */
    static List<String> flags(List<String> line, Map<String, String> environment) {
        List<String> flags = new ArrayList<>(line);
        for (String variable : EnvironmentOfSlave.FLAG_VARIABLES) {
            String value = environment.get(variable);
            if (value != null) {
                flags.addAll(List.of(value.trim().split("\\s+", -1)));
            }
        }
        return flags;
    }

    /** The log of a crash; null if there is none. */
    @Nullable
    Path crashLog() {
        String name = "hs_err_pid" + pid + ".log";
        String given = last(CRASH_LOG);
        Path found = given == null ? null : written(directory.resolve(expand(given)));
        if (found == null) {
            found = written(directory.resolve(name));
        }
        return found == null ? written(Path.of(TEMPORARY, name)) : found;
    }

    /** The heap that it wrote when it was out of memory; null if there is none. */
    @Nullable
    Path heapDump() {
        String name = "java_pid" + pid + ".hprof";
        String given = last(HEAP_DUMP);
        Path place = given == null ? directory : directory.resolve(expand(given));
        return written(Files.isDirectory(place) ? place.resolve(name) : place);
    }

    /** Whether the log of a crash says that there was no memory. */
    static boolean tellsOfNoMemory(Path crashLog) {
        try (Stream<String> lines = Files.lines(crashLog, java.nio.charset.StandardCharsets.ISO_8859_1)) {
            return lines.limit(SCANNED_LINES)
                    .anyMatch(line -> NO_MEMORY.stream().anyMatch(line::contains));
        } catch (IOException | java.io.UncheckedIOException e) {
            return false; // it is not ours to read
        }
    }

    private @Nullable String last(String prefix) {
        String found = null;
        for (String flag : flags) {
            found = flag.startsWith(prefix) ? flag.substring(prefix.length()) : found;
        }
        return found;
    }

    private String expand(String path) {
        return path.replace("%%", "\0").replace("%p", Long.toString(pid)).replace('\0', '%');
    }

    /** The file, if this JVM wrote it, and not one before it that had its process id, or its name for the file. */
    private @Nullable Path written(Path file) {
        try {
            boolean isOurs =
                    Files.isRegularFile(file) && Files.getLastModifiedTime(file).compareTo(start) >= 0;
            return isOurs ? file.toAbsolutePath().normalize() : null;
        } catch (IOException e) {
            return null;
        }
    }
}
