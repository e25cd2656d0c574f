// SPDX-License-Identifier: Apache-2.0
package org.processional;

/**
 * A part of Processional is missing on the module path or class path, or failed to load; the message says which module to add.
 *
 * @since 0.1
 */
public final class ProviderException extends ProcessionalException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message what happened, to which value, and the way out
     */
    public ProviderException(String message) {
        super(message);
    }

    /**
     * Makes the exception.
     *
     * @param message what happened, to which value, and the way out
     * @param cause what caused it
     */
    public ProviderException(String message, Throwable cause) {
        super(message, cause);
    }
}
