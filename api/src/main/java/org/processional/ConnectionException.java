// SPDX-License-Identifier: Apache-2.0
package org.processional;

/**
 * A connection could not be made or listened for, was refused, or was lost.
 *
 * @since 0.1
 */
public final class ConnectionException extends ProcessionalException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message what happened, to which value, and the way out
     */
    public ConnectionException(String message) {
        super(message);
    }

    /**
     * Makes the exception.
     *
     * @param message what happened, to which value, and the way out
     * @param cause what caused it
     */
    public ConnectionException(String message, Throwable cause) {
        super(message, cause);
    }
}
