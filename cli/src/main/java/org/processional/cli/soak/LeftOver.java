// SPDX-License-Identifier: Apache-2.0
package org.processional.cli.soak;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Files of processes in the folders that Processional uses: segments and rings in the RAM disk, sockets in the folder of
 * temporary files. Their names tell whose they are; but process ids come again, so what was there before does not count.
 *
 * <p><b>Threads:</b> immutable.
 */
final class LeftOver {
    private static final String PREFIX = "processional";

    private final Set<String> before = new HashSet<>(all());

    /** The files of some processes that have come since, and everything in a folder. */
    List<String> find(Set<ProcessHandle> processes, Path folder) {
        Set<String> ids = new HashSet<>();
        for (ProcessHandle process : processes) {
            ids.add(Long.toString(process.pid()));
            ids.add(Long.toHexString(process.pid()));
        }
        List<String> found = new ArrayList<>();
        for (String path : all()) {
            if (!before.contains(path) && isOf(new File(path).getName(), ids)) {
                found.add(path);
            }
        }
        for (String name : names(folder.toFile())) {
            found.add(folder.resolve(name).toString());
        }
        return found;
    }

    /** The files of all processes that Processional has made. */
    private static List<String> all() {
        List<String> all = new ArrayList<>();
        for (File place : places()) {
            for (String name : names(place)) {
                if (place.getName().startsWith(PREFIX) || name.startsWith(PREFIX)) {
                    all.add(new File(place, name).getPath());
                }
            }
        }
        return all;
    }

    private static List<File> places() {
        List<File> places = new ArrayList<>();
        places.add(new File("/dev/shm"));
        File temporary = new File(System.getProperty("java.io.tmpdir"));
        places.add(temporary);
        places.add(new File(temporary, PREFIX + "-" + System.getProperty("user.name")));
        String runtime = System.getenv("XDG_RUNTIME_DIR");
        if (runtime != null && !runtime.isEmpty()) {
            places.add(new File(runtime, PREFIX));
        }
        return places;
    }

    private static boolean isOf(String name, Set<String> ids) {
        return Arrays.stream(name.split("[-.]", -1)).anyMatch(ids::contains);
    }

    private static String[] names(File folder) {
        String[] names = folder.list();
        return names == null ? new String[0] : names;
    }
}
