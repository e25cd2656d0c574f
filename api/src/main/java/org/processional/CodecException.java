// SPDX-License-Identifier: Apache-2.0
package org.processional;

/**
 * Something cannot travel between processes: it cannot be serialized, or what arrived cannot be read here. The message names it, the way to it and the cure.
 *
 * @since 0.1
 */
public final class CodecException extends ProcessionalException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message what happened, to which value, and the way out
     */
    public CodecException(String message) {
        super(message);
    }

    /**
     * Makes the exception.
     *
     * @param message what happened, to which value, and the way out
     * @param cause what caused it
     */
    public CodecException(String message, Throwable cause) {
        super(message, cause);
    }
}
