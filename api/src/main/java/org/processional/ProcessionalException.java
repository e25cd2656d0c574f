// SPDX-License-Identifier: Apache-2.0
package org.processional;

/**
 * The root of everything that Processional itself throws. What a user's function throws arrives as it is instead.
 *
 * @since 0.1
 */
public class ProcessionalException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message what happened, to which value, and the way out
     */
    public ProcessionalException(String message) {
        super(message);
    }

    /**
     * Makes the exception.
     *
     * @param message what happened, to which value, and the way out
     * @param cause what caused it
     */
    public ProcessionalException(String message, Throwable cause) {
        super(message, cause);
    }
}
