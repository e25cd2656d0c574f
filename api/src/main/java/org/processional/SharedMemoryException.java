// SPDX-License-Identifier: Apache-2.0
package org.processional;

/**
 * Shared memory that cannot be made (no room, no permission), is gone, is closed, or lies on another host.
 *
 * @since 0.1
 */
public final class SharedMemoryException extends ProcessionalException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message what happened, to which value, and the way out
     */
    public SharedMemoryException(String message) {
        super(message);
    }

    /**
     * Makes the exception.
     *
     * @param message what happened, to which value, and the way out
     * @param cause what caused it
     */
    public SharedMemoryException(String message, Throwable cause) {
        super(message, cause);
    }
}
