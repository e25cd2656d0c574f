// SPDX-License-Identifier: Apache-2.0
package org.processional.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The machine as the doctor sees it; what is said to be missing is missing, to show what would be lost.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param missing what is said to be missing, of {@link #KNOWN}
 */
record Machine(Set<String> missing) {
    /** What can be said to be missing. */
    static final List<String> KNOWN = List.of("ramdisk", "setsid", "cgroups", "jnr", "archives", "loopback", "proc");

    private static final List<Path> PROGRAMS = List.of(Path.of("/usr/bin"), Path.of("/bin"), Path.of("/usr/local/bin"));

    boolean has(String what) {
        return !missing.contains(what);
    }

    /** Where the engine would find a program. */
    Optional<Path> program(String name) {
        return has(name)
                ? PROGRAMS.stream()
                        .map(folder -> folder.resolve(name))
                        .filter(Files::isExecutable)
                        .findFirst()
                : Optional.empty();
    }

    /** The content of a file of the system; nothing if it cannot be read. */
    Optional<String> read(Path file) {
        if (file.startsWith("/proc") && !has("proc")) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readString(file));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
