// SPDX-License-Identifier: Apache-2.0
package org.processional;

/**
 * A slave had no room for another task within the time limit, or its own thread would have had to wait for room.
 *
 * @since 0.1
 */
public final class SlaveFullException extends ProcessionalException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message what happened, to which value, and the way out
     */
    public SlaveFullException(String message) {
        super(message);
    }

    /**
     * Makes the exception.
     *
     * @param message what happened, to which value, and the way out
     * @param cause what caused it
     */
    public SlaveFullException(String message, Throwable cause) {
        super(message, cause);
    }
}
