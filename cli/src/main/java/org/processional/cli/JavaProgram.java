// SPDX-License-Identifier: Apache-2.0
package org.processional.cli;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The command line of a JVM with the same paths and flags as this one.
 *
 * <p><b>Threads:</b> stateless.
 */
final class JavaProgram {
    /** Debuggers and agents of this JVM, whose ports and files a second JVM must not touch. */
    private static final List<String> NOT_INHERITED = List.of("-agentlib:", "-agentpath:", "-javaagent:", "-Xrunjdwp:");

    private JavaProgram() {}

    /**
     * The command line.
     *
     * @param module module of the class, where this program runs on the module path
     * @param main binary name of the class
     * @param flags further flags of the JVM
     */
    static List<String> command(String module, String main, List<String> flags) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (NOT_INHERITED.stream().noneMatch(flag::startsWith)) {
                command.add(flag);
            }
        }
        command.addAll(flags);
        String classPath = System.getProperty("java.class.path");
        if (!classPath.isEmpty()) {
            command.addAll(List.of("-cp", classPath));
        }
        if (JavaProgram.class.getModule().isNamed()) {
            command.addAll(List.of("-p", System.getProperty("jdk.module.path")));
            command.addAll(List.of("-m", module + "/" + main));
        } else {
            command.add(main);
        }
        return command;
    }

    /** The same command line for a process that the signals of this terminal do not reach, where setsid is present. */
    static List<String> detached(List<String> command) {
        List<String> detached = new ArrayList<>();
        new Machine(Set.of()).program("setsid").ifPresent(setsid -> detached.add(setsid.toString()));
        detached.addAll(command);
        return detached;
    }
}
