// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.processional.spi.Launcher;

/**
 * Starts processes on this host, each as the leader of a session of its own where {@code setsid} is present: what is
 * typed in the terminal reaches the master only.
 *
 * <p><b>Threads:</b> from any thread.
 */
public final class LocalLauncher implements Launcher {
    private final List<String> confinement; // programs that become the one that is started

    /** For the service loader. */
    public LocalLauncher() {
        this(List.of());
    }

    LocalLauncher(List<String> confinement) {
        this.confinement = confinement;
    }

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
        Path program = Path.of(command.line().get(0));
        if (program.isAbsolute() && !Files.isExecutable(program)) { // setsid would start, and fail too late to tell
            throw new IOException("cannot start " + program + ": there is no such program that may be executed");
        }
        List<String> prefix = new ArrayList<>();
        if (Guard.SETSID != null) {
            prefix.add(Guard.SETSID); // it becomes the program, so the process id is that of the slave
        }
        prefix.addAll(confinement);
        ArgumentFile arguments = ArgumentFile.of(prefix, command.line());
        try {
            ProcessBuilder builder = new ProcessBuilder(arguments.line());
            setEnvironment(builder.environment(), command.environment());
            if (command.directory() != null) {
                builder.directory(command.directory().toFile());
            }
            if (command.inheritOutput()) {
                builder.redirectOutput(ProcessBuilder.Redirect.INHERIT);
            }
            return builder.start();
        } catch (IOException | RuntimeException | Error e) {
            arguments.delete();
            throw e;
        }
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
