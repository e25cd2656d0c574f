// SPDX-License-Identifier: Apache-2.0
package org.processional.cli;

import org.processional.ProcessionalException;

/** What a command could not do, in words for the terminal. */
final class CommandException extends ProcessionalException {
    private static final long serialVersionUID = 1L;

    CommandException(String message, Throwable cause) {
        super(message, cause);
    }
}
