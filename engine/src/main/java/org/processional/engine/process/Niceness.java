// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a process gives way to others on its processors. Where the system groups processes by session (Linux, autogroup), each
 * gives way within its group alone, and a slave leads a session of its own: so its group has to give way as well.
 *
 * <p><b>Threads:</b> stateless.
 */
final class Niceness {
    private static final @Nullable String PROGRAM = Guard.find("nice");
    private static final String SCRIPT =
            "{ echo \"$0\" > /proc/self/autogroup; } 2> /dev/null; exec " + PROGRAM + " -n \"$0\" \"$@\"";

    private Niceness() {}

    /** Whether this system can do it. */
    static boolean isAvailable() {
        return PROGRAM != null;
    }

    /** The words before a command, behind those that begin its session; it becomes the program. */
    static List<String> words(int nice) {
        return List.of("/bin/sh", "-c", SCRIPT, String.valueOf(nice));
    }
}
