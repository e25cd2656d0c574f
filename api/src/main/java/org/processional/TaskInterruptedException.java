// SPDX-License-Identifier: Apache-2.0
package org.processional;

/**
 * A task whose function was ended by {@link Task#interrupt()}, or that was interrupted before it began.
 *
 * @since 0.1
 */
public final class TaskInterruptedException extends ProcessionalException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message what happened, to which value, and the way out
     */
    public TaskInterruptedException(String message) {
        super(message);
    }

    /**
     * Makes the exception.
     *
     * @param message what happened, to which value, and the way out
     * @param cause what caused it
     */
    public TaskInterruptedException(String message, Throwable cause) {
        super(message, cause);
    }
}
