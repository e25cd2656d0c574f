// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.log;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.helpers.BasicMDCAdapter;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * The provider of SLF4J in a slave whose records go to its master. It is named by the system property {@code
 * slf4j.provider}, and is no service: nobody gets it who has not asked.
 *
 * <p><b>Threads:</b> made once, by SLF4J; used from any thread.
 */
public final class ToMasterProvider implements SLF4JServiceProvider {
    static final BasicMDCAdapter CONTEXT = new BasicMDCAdapter();

    private final ConcurrentMap<String, Logger> loggers = new ConcurrentHashMap<>();
    private final IMarkerFactory markers = new BasicMarkerFactory();

    /** For SLF4J. */
    public ToMasterProvider() {}

    @Override
    public ILoggerFactory getLoggerFactory() {
        return name -> loggers.computeIfAbsent(name, ToMasterLogger::new);
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return CONTEXT;
    }

    @Override
    public String getRequestedApiVersion() {
        return "2.0.99"; // as all providers of 2.0 say
    }

    @Override
    public void initialize() {}
}
