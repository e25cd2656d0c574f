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
        super(message);
        this.pid = pid;
        this.exitCode = exitCode;
        this.signal = signal;
        this.errorOutput = errorOutput;
        this.crashLog = crashLog;
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
}
