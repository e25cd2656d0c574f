// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.processional.spi.Launcher;

/** Starts processes as the system does, and remembers them. */
public final class MarkingLauncher implements Launcher {
    static final String NAME = "marking";

    /** Process ids of those that were started. */
    static final Set<Long> STARTED = ConcurrentHashMap.newKeySet();

    /** For the service loader. */
    public MarkingLauncher() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int priority() {
        return 1;
    }

    @Override
    public Process launch(Command command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command.line());
        builder.environment().clear();
        builder.environment().putAll(command.environment());
        if (command.directory() != null) {
            builder.directory(command.directory().toFile());
        }
        if (command.inheritOutput()) {
            builder.redirectOutput(ProcessBuilder.Redirect.INHERIT);
        }
        Process process = builder.start();
        STARTED.add(process.pid());
        return process;
    }
}
