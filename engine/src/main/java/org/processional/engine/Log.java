// SPDX-License-Identifier: Apache-2.0
package org.processional.engine;

import org.processional.engine.log.ToMaster;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loggers, each made when it is first used: a process that logs nothing loads no logging back end.
 *
 * <p><b>Threads:</b> from any thread.
 */
public final class Log {
    private static final String ENGINE = "org.processional.engine";

    private Log() {}

    private static final class EngineHolder {
        static final Logger LOGGER = ToMaster.isOn() ? ToMaster.logger(ENGINE) : LoggerFactory.getLogger(ENGINE);
    }

    private static final class SlaveHolder {
        static final Logger LOGGER = LoggerFactory.getLogger("org.processional.slave");
    }

    /** What the engine reports. */
    public static Logger engine() {
        return EngineHolder.LOGGER;
    }

    /** What slaves print, where that goes to the log. */
    public static Logger slave() {
        return SlaveHolder.LOGGER;
    }
}
