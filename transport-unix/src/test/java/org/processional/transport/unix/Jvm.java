// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.unix;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.processional.spi.Transport;

/** Another JVM that runs {@link PeerProgram}; killed when it is closed. */
final class Jvm implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;

    private Jvm(List<String> command) throws IOException {
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Starts with all jars of this JVM. */
    static Jvm start(String... arguments) throws IOException {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return start(List.of(), all, List.of("--enable-native-access=ALL-UNNAMED"), arguments);
    }

    /** Starts without jnr. */
    static Jvm startBare(List<String> prefix, List<String> flags, String... arguments) throws IOException {
        return start(prefix, bareClassPath(), flags, arguments);
    }

    static String bareClassPath() {
        return location(UnixTransport.class) + ":" + location(Transport.class) + ":" + location(PeerProgram.class);
    }

    static Jvm start(List<String> prefix, String classPath, List<String> flags, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
        if (Runtime.version().feature() >= 24) {
            command.addAll(flags);
        } else {
            flags.stream().filter(f -> !f.startsWith("--enable-native")).forEach(command::add);
        }
        command.addAll(List.of("-cp", classPath, PeerProgram.class.getName()));
        command.addAll(List.of(arguments));
        return new Jvm(command);
    }

    private static String location(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** The next line it prints; null at the end. */
    String line() throws IOException {
        return out.readLine();
    }

    /** All it prints until it ends. */
    List<String> lines() {
        return out.lines().toList();
    }

    /** Ends it by SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    long pid() {
        return process.pid();
    }

    void say(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
