// SPDX-License-Identifier: Apache-2.0
package org.processional;

/**
 * The JVM of a slave did not start, or was not ready in time. The message holds its exit code and the last lines of its error output.
 *
 * @since 0.1
 */
public final class SlaveStartException extends ProcessionalException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message what happened, to which value, and the way out
     */
    public SlaveStartException(String message) {
        super(message);
    }

    /**
     * Makes the exception.
     *
     * @param message what happened, to which value, and the way out
     * @param cause what caused it
     */
    public SlaveStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
