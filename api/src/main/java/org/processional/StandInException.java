// SPDX-License-Identifier: Apache-2.0
package org.processional;

/**
 * Stands for an exception of another process that cannot be had here: its class is missing, or it cannot be
 * serialized. It has the original's message, stack, causes and suppressed exceptions, and prints like the original.
 *
 * @since 0.1
 */
public final class StandInException extends ProcessionalException {
    private static final long serialVersionUID = 1L;

    private final String originalClassName;

    /**
     * Makes a stand-in.
     *
     * @param originalClassName the binary name of the original's class
     * @param printed what the original's {@code toString()} gave
     */
    public StandInException(String originalClassName, String printed) {
        super(printed);
        this.originalClassName = originalClassName;
    }

    /** The binary name of the class of the original exception. */
    public String originalClassName() {
        return originalClassName;
    }

    /** What the original's {@code toString()} gave. */
    @Override
    @SuppressWarnings("OverrideThrowableToString") // it prints like the original, whose text is not class: message
    public String toString() {
        return getMessage() == null ? originalClassName : getMessage();
    }
}
