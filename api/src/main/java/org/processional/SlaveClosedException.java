// SPDX-License-Identifier: Apache-2.0
package org.processional;

/**
 * A task was given to a slave that is closed, or was pending when the slave was aborted.
 *
 * @since 0.1
 */
public final class SlaveClosedException extends ProcessionalException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message what happened, to which value, and the way out
     */
    public SlaveClosedException(String message) {
        super(message);
    }

    /**
     * Makes the exception.
     *
     * @param message what happened, to which value, and the way out
     * @param cause what caused it
     */
    public SlaveClosedException(String message, Throwable cause) {
        super(message, cause);
    }
}
