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
 * temporary files. Their names tell whose they are.
 *
 * <p><b>Threads:</b> stateless.
 */
final class LeftOver {
    private static final String PREFIX = "processional";

    private LeftOver() {}

    /** The files of some processes that are there now, and everything in a folder. */
    static List<String> find(Set<ProcessHandle> processes, Path folder) {
        Set<String> ids = new HashSet<>();
        for (ProcessHandle process : processes) {
            ids.add(Long.toString(process.pid()));
            ids.add(Long.toHexString(process.pid()));
        }
        List<String> found = new ArrayList<>();
        for (File place : places()) {
            for (String name : names(place)) {
                boolean ours = place.getName().startsWith(PREFIX) || name.startsWith(PREFIX);
                if (ours && isOf(name, ids)) {
                    found.add(new File(place, name).getPath());
                }
            }
        }
        for (String name : names(folder.toFile())) {
            found.add(folder.resolve(name).toString());
        }
        return found;
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
