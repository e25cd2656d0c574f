// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM that a test starts on its own class path, and reads line by line. */
final class Jvm implements AutoCloseable {
    private final Process process;
    private final BufferedReader lines;

    Jvm(Class<?> main) throws IOException {
        this(List.of(), main);
    }

    Jvm(List<String> flags, Class<?> main, String... arguments) throws IOException {
        this(flags, List.of(), main, arguments);
    }

    /**
     * Starts it.
     *
     * @param variables what its environment has besides, as {@code NAME=value}
     */
    Jvm(List<String> flags, List<String> variables, Class<?> main, String... arguments) throws IOException {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        String transport = System.getProperty(OverTransports.PROPERTY);
        if (transport != null) {
            line.add("-D" + OverTransports.PROPERTY + "=" + transport);
        }
        line.addAll(flags);
        line.add("-cp");
        line.add(System.getProperty("java.class.path"));
        line.add(main.getName());
        line.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT);
        for (String variable : variables) {
            int equals = variable.indexOf('=');
            builder.environment().put(variable.substring(0, equals), variable.substring(equals + 1));
        }
        process = builder.start();
        lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    String readLine() throws IOException {
        return lines.readLine();
    }

    /** All numbers of the next line. */
    List<Long> readNumbers() throws IOException {
        List<Long> numbers = new ArrayList<>();
        for (String word : readLine().split(" ")) {
            numbers.add(Long.parseLong(word));
        }
        return numbers;
    }

    Process process() {
        return process;
    }

    /** Whether a process is there and no zombie. */
    static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false) && !isZombie(pid);
    }

    /** The same, of a process that was seen alive: another one that got its number later is not it. */
    static boolean isAlive(ProcessHandle process) {
        return process.isAlive() && !isZombie(process.pid());
    }

    private static boolean isZombie(long pid) {
        try {
            String stat = java.nio.file.Files.readString(Path.of("/proc/" + pid + "/stat"));
            return stat.substring(stat.lastIndexOf(')') + 2).startsWith("Z");
        } catch (IOException e) {
            return true; // gone
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
