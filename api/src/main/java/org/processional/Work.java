// SPDX-License-Identifier: Apache-2.0
package org.processional;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A function on an object, in the process of the object, that returns something.
 *
 * @param <T> the object
 * @param <R> what it returns
 * @param <X> what it throws; inferred as {@link RuntimeException} for a function that throws nothing checked
 * @see Proxy#call
 * @since 0.1
 */
@FunctionalInterface
public interface Work<T extends @Nullable Object, R extends @Nullable Object, X extends Exception>
        extends Serializable {
    /**
     * Runs the function.
     *
     * @param target the object itself
     * @return its result
     * @throws X as the function does
     */
    R call(T target) throws X;
}
