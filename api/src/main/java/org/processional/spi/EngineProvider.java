// SPDX-License-Identifier: Apache-2.0
package org.processional.spi;

/**
 * Gives the engine that runs everything behind {@link org.processional.Processional}; found by
 * {@link java.util.ServiceLoader}, the one with the highest priority is used.
 *
 * <p><b>Threads:</b> from any thread. The constructor opens and loads nothing.
 *
 * @since 0.1
 */
public interface EngineProvider {
    /** Which engine to prefer. */
    int priority();

    /** The engine of this process: the same one every time. */
    Engine engine();
}
