// SPDX-License-Identifier: Apache-2.0
package org.processional.spi;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Starts the JVM of a slave on this host, for example in a sandbox or bound to processors; found by {@link
 * java.util.ServiceLoader}.
 *
 * <p><b>Threads:</b> from any thread. The constructor opens and loads nothing.
 *
 * @since 0.1
 */
public interface Launcher {
    /** The name under which {@link org.processional.SlaveOptions#launcher} selects it, for example {@code local}. */
    String name();

    /** Which launcher to prefer where the user named none; the highest one wins, and {@code local} has 100. */
    int priority();

    /**
     * Starts a process. Its standard input is a pipe that the engine writes and whose end tells the slave that its
     * master is gone; its standard error is a pipe that the engine reads.
     *
     * @param command what to start
     * @return the running process; its id is that of the program, which programs before it on the line become
     * @throws IOException if the system cannot start it
     */
    Process launch(Command command) throws IOException;

    /**
     * A command to start.
     *
     * @param line the program and its arguments; before it, small programs that become it, such as {@code setsid}
     * @param environment the whole environment of the new process
     * @param directory its working directory; null for the current one
     * @param inheritOutput whether standard output is that of this process; otherwise it is a pipe
     */
    record Command(
            List<String> line,
            Map<String, String> environment,
            @Nullable Path directory,
            boolean inheritOutput) {
        /** Takes copies. */
        public Command {
            line = List.copyOf(line);
            environment = Map.copyOf(environment);
        }
    }
}
