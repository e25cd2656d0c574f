// SPDX-License-Identifier: Apache-2.0
package org.processional.engine;

import org.processional.spi.Engine;
import org.processional.spi.EngineProvider;

/**
 * Gives the engine to the api.
 *
 * <p><b>Threads:</b> from any thread.
 */
public final class ProcessionalEngineProvider implements EngineProvider {
    /** One engine for this process, made when it is first asked for. */
    private static final class Holder {
        static final Engine ENGINE = new ProcessionalEngine();
    }

    /** For the service loader. */
    public ProcessionalEngineProvider() {}

    @Override
    public int priority() {
        return 100;
    }

    @Override
    public Engine engine() {
        return Holder.ENGINE;
    }
}
