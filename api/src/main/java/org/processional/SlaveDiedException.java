// SPDX-License-Identifier: Apache-2.0
package org.processional;

import org.jspecify.annotations.Nullable;

/**
 * The process of a slave ended while it had tasks, or was asked for more. The message tells what is known: exit code,
 * signal, last lines of the error output, crash log.
 *
 * @since 0.1
 */
public final class SlaveDiedException extends ProcessionalException {
    private static final long serialVersionUID = 1L;

    private final long pid;
    private final int exitCode;
    private final @Nullable String signal;
    private final String errorOutput;
    private final @Nullable String crashLog;
    private final @Nullable String causeTask;

    /**
     * Makes the exception.
     *
     * @param message everything below in words
     * @param pid the process id
     * @param exitCode the exit code; -1 if it is not known, as for a process that somebody else started
     * @param signal the name of the signal that ended it, such as {@code SIGKILL}; null if it was none
     * @param errorOutput the last lines of its error output; empty if there were none
     * @param crashLog path of the log that a crashing JVM wrote; null if there is none
     */
    public SlaveDiedException(
            String message,
            long pid,
            int exitCode,
            @Nullable String signal,
            String errorOutput,
            @Nullable String crashLog) {
        this(message, pid, exitCode, signal, errorOutput, crashLog, null);
    }

    /**
     * Makes the exception of a slave that was killed because of a task of it.
     *
     * @param message everything below in words
     * @param pid the process id
     * @param exitCode the exit code; -1 if it is not known
     * @param signal the name of the signal that ended it; null if it was none
     * @param errorOutput the last lines of its error output; empty if there were none
     * @param crashLog path of the log that a crashing JVM wrote; null if there is none
     * @param causeTask the task because of which it was killed; null if there is none
     */
    public SlaveDiedException(
            String message,
            long pid,
            int exitCode,
            @Nullable String signal,
            String errorOutput,
            @Nullable String crashLog,
            @Nullable String causeTask) {
        super(message);
        this.pid = pid;
        this.exitCode = exitCode;
        this.signal = signal;
        this.errorOutput = errorOutput;
        this.crashLog = crashLog;
        this.causeTask = causeTask;
    }

    /** The process id of the slave. */
    public long pid() {
        return pid;
    }

    /** The exit code; -1 if it is not known. */
    public int exitCode() {
        return exitCode;
    }

    /** The signal that ended the process, such as {@code SIGKILL}; null if it was none, or is not known. */
    public @Nullable String signal() {
        return signal;
    }

    /** The last lines of the error output; empty if there were none. */
    public String errorOutput() {
        return errorOutput;
    }

    /** Path of the log that a crashing JVM wrote; null if there is none. */
    public @Nullable String crashLog() {
        return crashLog;
    }

    /**
     * The task because of which the slave was killed, when it did not end although it was cancelled or its time was over:
     * its name if it has one, its function, and where it was scheduled. Null if the slave died otherwise.
     */
    public @Nullable String causeTask() {
        return causeTask;
    }
}
