// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.memory;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.processional.SharedMemoryException;

/**
 * Where the files of segments are, and what they are called:
 *
 * <pre>
 * processional-USER-named-NAME               a segment with a name
 * processional-USER-PID-START-ENGINE-NUMBER  another: of an engine of a process that started then; hexadecimal but for NUMBER
 * </pre>
 *
 * <p><b>Threads:</b> any.
 */
final class SegmentNames {
    /** The RAM file system, or where there is none the directory of temporary files. */
    static final Path DIRECTORY = findDirectory();

    /** What this user's files begin with. */
    static final String PREFIX = "processional-" + user() + "-";

    /** When this process began; 0 if that is not known. */
    static final long START_MILLIS = ProcessHandle.current()
            .info()
            .startInstant()
            .map(Instant::toEpochMilli)
            .orElse(0L);

    private static final String OF_JVM =
            PREFIX + Long.toHexString(ProcessHandle.current().pid()) + "-" + Long.toHexString(START_MILLIS) + "-";
    private static final String OF_ENGINE = // another class loader of this JVM may have an engine of its own
            OF_JVM + Integer.toHexString(System.identityHashCode(SegmentNames.class)) + "-";
    private static final int LONGEST = 64;

    private SegmentNames() {}

    private static Path findDirectory() {
        Path ram = Path.of("/dev/shm");
        return Files.isWritable(ram) ? ram : Path.of(System.getProperty("java.io.tmpdir"));
    }

    private static String user() {
        StringBuilder name = new StringBuilder();
        for (char c : System.getProperty("user.name", "user").toCharArray()) {
            name.append(isNameChar(c) ? c : '_');
        }
        return name.toString();
    }

    private static boolean isNameChar(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '-' || c == '_';
    }

    /** The file of a segment without a name, of this engine. */
    static Path numbered(long number) {
        return DIRECTORY.resolve(OF_ENGINE + number);
    }

    /**
     * The file of a segment with a name.
     *
     * @throws IllegalArgumentException if it cannot be the name of one
     */
    static Path named(String name) {
        boolean valid = !name.isEmpty() && name.length() <= LONGEST;
        for (int i = 0; i < name.length() && valid; i++) {
            valid = isNameChar(name.charAt(i));
        }
        if (!valid) {
            throw new IllegalArgumentException("\"" + name + "\" cannot name shared memory: take 1 to " + LONGEST
                    + " letters, digits, dots, hyphens and underscores");
        }
        return DIRECTORY.resolve(PREFIX + "named-" + name);
    }

    /** The file that a message names. */
    static Path told(String file) {
        if (!file.startsWith("processional-") || file.indexOf('/') >= 0 || file.indexOf('\0') >= 0) {
            throw new SharedMemoryException("damaged message: \"" + file + "\" is no name of shared memory");
        }
        return DIRECTORY.resolve(file);
    }

    /** Whether a file was made by another engine of this process. */
    static boolean isOfAnotherEngine(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.startsWith(OF_JVM) && !name.startsWith(OF_ENGINE);
    }
}
