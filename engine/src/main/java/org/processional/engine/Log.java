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
        static final Logger LOGGER = ToMaster.isOn() ? ToMaster.logger(ENGINE) : make(ENGINE);
    }

    private static final class SlaveHolder {
        static final Logger LOGGER = make("org.processional.slave");
    }

    /**
     * A back end may look for its configuration where the thread has its classes from: in the middle of a task that is the
     * code of a client, which is not to configure this process, and which would be asked over a connection that is just
     * being read, or lost.
     */
    private static Logger make(String name) {
        Thread self = Thread.currentThread();
        ClassLoader context = self.getContextClassLoader();
        self.setContextClassLoader(Log.class.getClassLoader());
        try {
            return LoggerFactory.getLogger(name);
        } finally {
            self.setContextClassLoader(context);
        }
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
