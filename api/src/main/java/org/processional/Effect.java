// SPDX-License-Identifier: Apache-2.0
package org.processional;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A function on an object, in the process of the object, that returns nothing.
 *
 * @param <T> the object
 * @param <X> what it throws; inferred as {@link RuntimeException} for a function that throws nothing checked
 * @see Proxy#run
 * @since 0.1
 */
@FunctionalInterface
public interface Effect<T extends @Nullable Object, X extends Exception> extends Serializable {
    /**
     * Runs the function.
     *
     * @param target the object itself
     * @throws X as the function does
     */
    void run(T target) throws X;
}
