// SPDX-License-Identifier: Apache-2.0
package org.processional;

/**
 * The waiting thread was interrupted; its interrupt flag is set again. What it waited for goes on, unless said otherwise.
 *
 * @since 0.1
 */
public final class WaitInterruptedException extends ProcessionalException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message what happened, to which value, and the way out
     */
    public WaitInterruptedException(String message) {
        super(message);
    }

    /**
     * Makes the exception.
     *
     * @param message what happened, to which value, and the way out
     * @param cause what caused it
     */
    public WaitInterruptedException(String message, Throwable cause) {
        super(message, cause);
    }
}
