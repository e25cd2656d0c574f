// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.shm;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Which process owns a file: {@code space-pid-start} in the name. The start tells a process from a later one with the
 * same id; the space, from one in another container that shares the RAM disk.
 *
 * @param space number of the space of process ids; 0 where there is none
 * @param pid process id
 * @param start when it started, in clock ticks since boot; 0 where it is not told
 */
record ProcessMark(long space, long pid, long start) {
    private static final File PROCESSES = new File("/proc");
    private static final int START_FIELD = 22; // of /proc/PID/stat, counted from 1
    private static final int STATE_FIELD = 3; // the first behind the name, which may have anything in it
    private static volatile @Nullable ProcessMark own; // written by any thread, always with an equal value

    /** The mark of this process. */
    static ProcessMark own() throws IOException {
        ProcessMark mark = own;
        if (mark == null) {
            String stat = stat("self");
            mark = stat == null
                    ? new ProcessMark(0, ProcessHandle.current().pid(), 0)
                    : new ProcessMark(ownSpace(), Long.parseLong(stat.substring(0, stat.indexOf(' '))), start(stat));
            own = mark;
        }
        return mark;
    }

    /** Whether a name begins with the mark of a process that is gone for certain. */
    static boolean isGone(String name) {
        String[] parts = name.split("-", -1);
        try {
            ProcessMark self = own();
            if (parts.length < 3 || self.start == 0 || Long.parseLong(parts[0]) != self.space) {
                return false;
            }
            String stat = stat(Long.toString(Long.parseLong(parts[1])));
            return stat == null || start(stat) != Long.parseLong(parts[2]);
        } catch (IOException | NumberFormatException e) {
            return false;
        }
    }

    private static long ownSpace() {
        try {
            Path link = PROCESSES.toPath().resolve("self/ns/pid");
            String text = Files.readSymbolicLink(link).toString(); // pid:[4026531836]
            return Long.parseLong(text.substring(text.indexOf('[') + 1, text.indexOf(']')));
        } catch (IOException | RuntimeException e) {
            return 0; // no such spaces here
        }
    }

    /** Null if there is no such process. */
    private static @Nullable String stat(String process) throws IOException {
        File file = new File(PROCESSES, process + "/stat");
        if (!file.exists()) {
            return null;
        }
        byte[] text = new byte[1024];
        try (FileInputStream in = new FileInputStream(file)) {
            int count = in.read(text);
            return count <= 0 ? null : new String(text, 0, count, StandardCharsets.ISO_8859_1);
        } catch (java.io.FileNotFoundException e) {
            return null; // gone a moment ago
        }
    }

    private static long start(String stat) {
        int at = stat.lastIndexOf(')') + 2;
        for (int field = STATE_FIELD; field < START_FIELD; field++) {
            at = stat.indexOf(' ', at) + 1;
        }
        return Long.parseLong(stat.substring(at, stat.indexOf(' ', at)));
    }

    @Override
    public String toString() {
        return space + "-" + pid + "-" + start;
    }
}
