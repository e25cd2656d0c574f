// SPDX-License-Identifier: Apache-2.0
package org.processional;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * The process of a slave ended while it had tasks, or was asked for more. The message tells what is known: why, exit code,
 * signal, what it ran, last lines of the error output, crash log, heap dump; {@link #death()} has the same for programs.
 *
 * @since 0.1
 */
public final class SlaveDiedException extends ProcessionalException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final SlaveDeath death;
    private final @Nullable String causeTask;

    /**
     * Makes the exception.
     *
     * @param message what is known, in words
     * @param death what is known
     */
    public SlaveDiedException(String message, SlaveDeath death) {
        this(message, death, null);
    }

    /**
     * Makes the exception of a slave that was killed because of a task of it.
     *
     * @param message what is known, in words
     * @param death what is known
     * @param causeTask the task because of which it was killed; null if there is none
     */
    public SlaveDiedException(String message, SlaveDeath death, @Nullable String causeTask) {
        super(message);
        this.death = death;
        this.causeTask = causeTask;
    }

    /** What is known of the end of the process. */
    public SlaveDeath death() {
        return death;
    }

    /** The process id of the slave. */
    public long pid() {
        return death.pid();
    }

    /** The exit code. */
    public int exitCode() {
        return death.exitCode();
    }

    /** The signal that ended the process, such as {@code SIGKILL}; null if it was none. */
    public @Nullable String signal() {
        return death.signal();
    }

    /** The last lines of the error output; empty if there were none. */
    public String errorOutput() {
        return death.errorOutput();
    }

    /** Path of the log that a crashing JVM wrote; null if there is none. */
    public @Nullable String crashLog() {
        return death.crashLog();
    }

    /**
     * The task because of which the slave was killed, when it did not end although it was cancelled or its time was over:
     * its name if it has one, its function, and where it was scheduled. Null if the slave died otherwise.
     */
    public @Nullable String causeTask() {
        return causeTask;
    }
}
