// SPDX-License-Identifier: Apache-2.0
package org.processional;

import java.io.Serializable;

/**
 * A function without arguments that returns nothing, and can travel to another process.
 *
 * @param <X> what it throws; inferred as {@link RuntimeException} for a function that throws nothing checked
 * @see Call
 * @since 0.1
 */
@FunctionalInterface
public interface Action<X extends Exception> extends Serializable {
    /**
     * Runs the function.
     *
     * @throws X as the function does
     */
    void run() throws X;
}
