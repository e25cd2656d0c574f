// SPDX-License-Identifier: Apache-2.0
package org.processional;

import org.jspecify.annotations.Nullable;

/**
 * A region of code that closes every proxy which its thread made or received in it ({@link Processional#scope}). Objects
 * that refer to each other through proxies of two processes are released by nobody else.
 *
 * <p><b>Threads:</b> the thread that opened it.
 *
 * @since 0.1
 */
public interface ProxyScope extends AutoCloseable {
    /**
     * Takes a proxy out of the scope, and into the surrounding one if there is one.
     *
     * @param proxy a proxy; nothing happens to one that is not of this scope
     * @param <T> its object
     * @return the same proxy
     */
    <T extends @Nullable Object> Proxy<T> keep(Proxy<T> proxy);

    /**
     * Closes the proxies, the youngest first.
     *
     * @throws IllegalStateException if the calling thread did not open the scope, or a younger one is open
     */
    @Override
    void close();
}
