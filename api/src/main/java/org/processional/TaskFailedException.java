// SPDX-License-Identifier: Apache-2.0
package org.processional;

/**
 * A task failed with a checked exception, which is the cause. Unchecked exceptions are thrown as they are.
 *
 * @since 0.1
 */
public final class TaskFailedException extends ProcessionalException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param cause what the task's function threw
     */
    public TaskFailedException(Throwable cause) {
        super("the task failed: " + cause, cause);
    }
}
