// SPDX-License-Identifier: Apache-2.0
package org.processional.cli.soak;

/** What a task of the soak throws because it was told to. */
final class PlannedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PlannedException(String message) {
        super(message);
    }
}
