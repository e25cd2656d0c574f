// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.log;

import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * A handler of {@code java.util.logging} whose records go to the master; so do those of {@code System.Logger}, which logs
 * there.
 *
 * <p><b>Threads:</b> from any thread.
 */
final class ToMasterHandler extends Handler {
    private static final String CONFIGURATION = "java.util.logging.config.";

    ToMasterHandler() {
        setFormatter(new SimpleFormatter()); // which puts the arguments into messages
    }

    /** Adds it to the root; where the user has configured nothing, it takes the place of the console. */
    static void install(System.Logger.Level level) {
        Logger root = LogManager.getLogManager().getLogger("");
        if (root == null) {
            return; // a manager of others, which has none
        }
        if (System.getProperty(CONFIGURATION + "file") == null && System.getProperty(CONFIGURATION + "class") == null) {
            for (Handler handler : root.getHandlers()) {
                if (handler.getClass() == ConsoleHandler.class) {
                    root.removeHandler(handler);
                }
            }
            root.setLevel(threshold(level));
        }
        root.addHandler(new ToMasterHandler());
    }

    private static Level threshold(System.Logger.Level level) {
        return switch (level) {
            case ALL, TRACE -> Level.ALL;
            case DEBUG -> Level.FINE;
            case INFO -> Level.INFO;
            case WARNING -> Level.WARNING;
            case ERROR -> Level.SEVERE;
            case OFF -> Level.OFF;
        };
    }

    /** The level that SLF4J has for one. */
    static org.slf4j.event.Level level(Level level) {
        int value = level.intValue();
        if (value >= Level.SEVERE.intValue()) {
            return org.slf4j.event.Level.ERROR;
        } else if (value >= Level.WARNING.intValue()) {
            return org.slf4j.event.Level.WARN;
        } else if (value >= Level.INFO.intValue()) {
            return org.slf4j.event.Level.INFO;
        }
        return value >= Level.FINE.intValue() ? org.slf4j.event.Level.DEBUG : org.slf4j.event.Level.TRACE;
    }

    @Override
    public void publish(LogRecord record) {
        org.slf4j.event.Level level = level(record.getLevel());
        if (!isLoggable(record) || !ToMaster.isEnabled(level)) {
            return;
        }
        String logger = record.getLoggerName();
        String message = getFormatter().formatMessage(record);
        ToMaster.add(level, logger == null ? "" : logger, String.valueOf(message), record.getThrown());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
