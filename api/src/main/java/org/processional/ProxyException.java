// SPDX-License-Identifier: Apache-2.0
package org.processional;

/**
 * A proxy whose object is gone, was never published under that name, or cannot be reached from here.
 *
 * @since 0.1
 */
public final class ProxyException extends ProcessionalException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message what happened, to which value, and the way out
     */
    public ProxyException(String message) {
        super(message);
    }

    /**
     * Makes the exception.
     *
     * @param message what happened, to which value, and the way out
     * @param cause what caused it
     */
    public ProxyException(String message, Throwable cause) {
        super(message, cause);
    }
}
