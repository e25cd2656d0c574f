// SPDX-License-Identifier: Apache-2.0
package org.processional;

/**
 * A task that has not ended in time: in that given to {@link Task#await(java.time.Duration)}, after which it goes on, or
 * within its own {@linkplain TaskOptions#limit limit}, which ended it. Then the message says what its function was doing,
 * and the stack trace shows where it was.
 *
 * @since 0.1
 */
public final class TaskTimeoutException extends ProcessionalException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message what happened, to which value, and the way out
     */
    public TaskTimeoutException(String message) {
        super(message);
    }

    /**
     * Makes the exception.
     *
     * @param message what happened, to which value, and the way out
     * @param cause what caused it
     */
    public TaskTimeoutException(String message, Throwable cause) {
        super(message, cause);
    }
}
