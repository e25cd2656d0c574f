// SPDX-License-Identifier: Apache-2.0
package org.processional;

/**
 * A task that was cancelled before it ended: its function never began, or its result is not known.
 *
 * @since 0.1
 */
public final class TaskCancelledException extends ProcessionalException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message what happened, to which value, and the way out
     */
    public TaskCancelledException(String message) {
        super(message);
    }

    /**
     * Makes the exception.
     *
     * @param message what happened, to which value, and the way out
     * @param cause what caused it
     */
    public TaskCancelledException(String message, Throwable cause) {
        super(message, cause);
    }
}
