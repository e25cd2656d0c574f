// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.log;

import java.io.Serial;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/**
 * A logger of SLF4J whose records go to the master; markers stay here.
 *
 * <p><b>Threads:</b> from any thread. Where it travels, it becomes the logger of that name there.
 */
final class ToMasterLogger extends LegacyAbstractLogger {
    @Serial
    private static final long serialVersionUID = 1L;

    ToMasterLogger(String name) {
        this.name = name;
    }

    @Override
    public boolean isTraceEnabled() {
        return ToMaster.isEnabled(Level.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
        return ToMaster.isEnabled(Level.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return ToMaster.isEnabled(Level.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return ToMaster.isEnabled(Level.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
        return ToMaster.isEnabled(Level.ERROR);
    }

    @Override
    protected String getFullyQualifiedCallerName() {
        return ToMasterLogger.class.getName();
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            @Nullable String message,
            @Nullable Object @Nullable [] arguments,
            @Nullable Throwable error) {
        String text = MessageFormatter.basicArrayFormat(message, arguments);
        ToMaster.add(level, getName(), String.valueOf(text), error);
    }
}
