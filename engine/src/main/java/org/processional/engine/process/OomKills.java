// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How often the kernel has killed processes for lack of memory, where it says so: in the control group of a slave, which is
 * that of this process unless it was given another, or else on the whole host.
 *
 * <p><b>Threads:</b> immutable.
 */
final class OomKills {
    private static final String KEY = "oom_kill ";
    private static final String EVENTS = "memory.events";
    private static final Path HOST = Path.of("/proc/vmstat");
    private static final @Nullable Path COUNTER = find(candidates());

    private final @Nullable Path counter;
    private final long before;

    private OomKills(@Nullable Path counter) {
        this.counter = counter;
        this.before = counter == null ? 0 : read(counter);
    }

    /**
     * The count of now, for a slave.
     *
     * @param cgroup the folder of the control group that it was given; null for that of this process
     */
    static OomKills of(@Nullable Path cgroup) {
        return new OomKills(cgroup == null ? COUNTER : find(List.of(cgroup.resolve(EVENTS), HOST)));
    }

    /** The count of now in a file of the kernel's form; null for none. */
    static OomKills now(@Nullable Path counter) {
        return new OomKills(counter);
    }

    /** Whether the count has grown since this was made. */
    boolean haveGrown() {
        return counter != null && before >= 0 && read(counter) > before;
    }

    /** What the count says of a process that was killed since this was made. */
    String evidence() {
        if (counter == null || before < 0) {
            return "the kernel's out-of-memory killer or somebody did, and this system does not count the kills of the"
                    + " former where this process may read";
        }
        long now = read(counter);
        return now > before
                ? "the kernel's out-of-memory killer did, as far as its count tells (oom_kill in " + counter
                        + " went from " + before + " to " + now
                        + "); give the slave less heap, or the system more memory"
                : "somebody did, or a killer that the count of the kernel's (oom_kill in " + counter
                        + ") does not see: it has not grown";
    }

    private static List<Path> candidates() {
        List<Path> paths = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/cgroup"))) {
                String[] parts = line.split(":", 3);
                if (parts.length == 3 && parts[0].equals("0")) {
                    paths.add(Path.of("/sys/fs/cgroup" + parts[2], EVENTS));
                } else if (parts.length == 3 && parts[1].equals("memory")) {
                    paths.add(Path.of("/sys/fs/cgroup/memory" + parts[2], "memory.oom_control"));
                    paths.add(Path.of("/sys/fs/cgroup/memory/memory.oom_control")); // mounted as the root
                }
            }
        } catch (IOException | RuntimeException e) {
            paths.clear(); // no Linux
        }
        paths.add(HOST);
        return paths;
    }

    private static @Nullable Path find(List<Path> candidates) {
        for (Path path : candidates) {
            if (read(path) >= 0) {
                return path;
            }
        }
        return null;
    }

    /** The count in a file; negative if there is none. */
    private static long read(Path file) {
        try {
            for (String line : Files.readAllLines(file)) {
                if (line.startsWith(KEY)) {
                    return Long.parseLong(line.substring(KEY.length()).trim());
                }
            }
        } catch (IOException | RuntimeException e) {
            return -1; // it is not there, or not ours to read
        }
        return -1;
    }
}
