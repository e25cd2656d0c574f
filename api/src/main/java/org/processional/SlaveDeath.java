// SPDX-License-Identifier: Apache-2.0
package org.processional;

import java.io.Serial;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the end of a slave process: {@link SlaveDiedException#death()}.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param pid the process id
 * @param exitCode the exit code; above 128 it may be that of a signal
 * @param signal the name of the signal that ended it, such as {@code SIGKILL}; null if it was none
 * @param reason why it ended, as far as it is known
 * @param running what it ran, as far as it is known here: first the task of its main thread, then those of its threads, at most ten; functions by class, and where they were asked for
 * @param uptime from its start to when its end was noticed
 * @param errorOutput the last lines of its error output; empty if there were none
 * @param crashLog path of the log that a crashing JVM wrote; null if there is none
 * @param heapDump path of the heap that the JVM wrote when it was out of memory; null if there is none
 * @since 0.1
 */
public record SlaveDeath(
        long pid,
        int exitCode,
        @Nullable String signal,
        Reason reason,
        List<String> running,
        Duration uptime,
        String errorOutput,
        @Nullable String crashLog,
        @Nullable String heapDump)
        implements Serializable {
    @Serial
    private static final long serialVersionUID = 1L;

    /** Makes the record; the list is copied. */
    public SlaveDeath {
        running = List.copyOf(running);
    }

    /**
     * Why a process ended.
     *
     * @since 0.1
     */
    public enum Reason {
        /** The JVM ended itself, because it had no memory: by the option {@code exitOnOutOfMemory}, a flag, or of the system. */
        OUT_OF_MEMORY,
        /**
         * By SIGKILL that this process did not send: the system's out-of-memory killer did, which the message says where the
         * system counts such kills, or somebody.
         */
        KILLED_BY_SYSTEM,
        /**
         * This process killed it: by {@code terminate()}, or since it was silent for longer than allowed, did not heed a
         * cancellation, or did not end after {@code close()}.
         */
        KILLED_BY_MASTER,
        /** By another signal that somebody sent, such as SIGTERM. */
        SIGNALLED,
        /** The JVM crashed: a fault in native code, or in the JVM itself. */
        CRASHED,
        /** A task called {@code System.exit}. */
        EXITED_BY_TASK,
        /** It exited: by {@code System.exit} of a thread that no task ran in, by {@code Runtime.halt}, or by itself. */
        EXITED
    }
}
