// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What processes have on the RAM disk, which others use as well: the names tell whose a file is. */
final class RamDisk {
    private static final Path FOLDER = Path.of("/dev/shm");
    private static final Pattern RING = Pattern.compile("processional-ring-\\d+-(\\d{1,9})-\\d+-.*"); // of who connects
    private static final Pattern SEGMENT = Pattern.compile(
            "processional-(?!ring-).+-(\\p{XDigit}{1,9})-\\p{XDigit}+-\\p{XDigit}+-\\d+"); // of who made it

    private RamDisk() {}

    /** All that is there of anybody's. */
    static Set<Path> files() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.collect(Collectors.toCollection(HashSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The rings and segments of some processes. */
    static Set<Path> files(Collection<Long> pids) {
        Set<Path> files = files();
        files.removeIf(file -> !isOf(file, SEGMENT, 16, pids) && !isOf(file, RING, 10, pids));
        return files;
    }

    /** The rings of connections that a process has opened. */
    static Set<Path> rings(long pid) {
        Set<Path> files = files();
        files.removeIf(file -> !isOf(file, RING, 10, List.of(pid)));
        return files;
    }

    private static boolean isOf(Path file, Pattern pattern, int radix, Collection<Long> pids) {
        Matcher name = pattern.matcher(file.getFileName().toString());
        return name.matches() && pids.contains(Long.parseLong(name.group(1), radix));
    }
}
