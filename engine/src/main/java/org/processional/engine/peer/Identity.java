// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Who this process is.
 *
 * <p><b>Threads:</b> immutable.
 */
public final class Identity {
    /** The process id. */
    public static final long PID = pid();

    /** Unique among all processes that ever run: process id, milliseconds and nanoseconds of the start of this class. */
    public static final String ID = Long.toHexString(PID)
            + "-"
            + Long.toHexString(System.currentTimeMillis())
            + "-"
            + Long.toHexString(System.nanoTime() & 0xffffff);

    private Identity() {}

    /** Where the system has a link that says it, from there: for the first handle of a process the JDK makes a pool of threads. */
    private static long pid() {
        try {
            return Long.parseLong(Files.readSymbolicLink(Path.of("/proc/self")).toString());
        } catch (IOException | RuntimeException e) {
            return ProcessHandle.current().pid();
        }
    }
}
