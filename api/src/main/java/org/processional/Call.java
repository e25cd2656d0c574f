// SPDX-License-Identifier: Apache-2.0
package org.processional;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A function without arguments that returns something, and can travel to another process.
 *
 * <p>A lambda written where a {@code Call} is expected is serializable by that alone; so must be what it captures, if
 * it is to travel. A reference to a method of which several have the name, or that can be a {@link Action} as well, is
 * ambiguous for the compiler where both are taken: write {@code () -> Foo.list()} in place of {@code Foo::list}.
 *
 * @param <T> what it returns
 * @param <X> what it throws; inferred as {@link RuntimeException} for a function that throws nothing checked
 * @since 0.1
 */
@FunctionalInterface
public interface Call<T extends @Nullable Object, X extends Exception> extends Serializable {
    /**
     * Runs the function.
     *
     * @return its result
     * @throws X as the function does
     */
    T call() throws X;
}
