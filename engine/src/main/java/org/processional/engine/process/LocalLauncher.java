// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import java.io.IOException;
import java.util.Map;
import org.processional.spi.Launcher;

/**
 * Starts processes as the system does.
 *
 * <p><b>Threads:</b> from any thread.
 */
public final class LocalLauncher implements Launcher {
    /** For the service loader. */
    public LocalLauncher() {}

    @Override
    public String name() {
        return "local";
    }

    @Override
    public int priority() {
        return 100;
    }

    @Override
    public Process launch(Command command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command.line());
        setEnvironment(builder.environment(), command.environment());
        if (command.directory() != null) {
            builder.directory(command.directory().toFile());
        }
        if (command.inheritOutput()) {
            builder.redirectOutput(ProcessBuilder.Redirect.INHERIT);
        }
        return builder.start();
    }

    /** Changes what is another value only: what this JVM cannot decode keeps its bytes. */
    private static void setEnvironment(Map<String, String> environment, Map<String, String> wanted) {
        environment.keySet().removeIf(name -> !wanted.containsKey(name));
        for (Map.Entry<String, String> variable : wanted.entrySet()) {
            if (!variable.getValue().equals(environment.get(variable.getKey()))) {
                environment.put(variable.getKey(), variable.getValue());
            }
        }
    }
}
