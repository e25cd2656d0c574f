// SPDX-License-Identifier: Apache-2.0
package org.processional;

import org.jspecify.annotations.Nullable;

/**
 * A function that a server runs for clients who call it by its name; see {@link ServeOptions.Builder#function}. It does not
 * travel, and can hold whatever it needs.
 *
 * <p><b>Threads:</b> runs on the main thread of the server, one at a time, or for {@link SlaveProcess#thread(Call)} in a
 * thread of its own beside it.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface ServerFunction {
    /**
     * Runs it.
     *
     * @param arguments what the client gave, in its order; of any number and type, so they must be checked
     * @return the result; it must travel
     * @throws Exception what the client gets as its failure
     */
    @Nullable
    Object call(@Nullable Object... arguments) throws Exception;
}
