// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.shm;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another JVM that runs {@link PeerProgram}; killed when it is closed. */
final class Jvm implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;

    private Jvm(List<String> command) throws IOException {
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    static Jvm start(String... arguments) throws IOException {
        return start(List.of(), List.of(), arguments);
    }

    /** Starts one whose files can have no more than 128 KiB: what it writes beyond that fails, as on a full disk. */
    static Jvm startOnFullDisk(Path disk) throws IOException {
        return start(
                List.of("bash", "-c", "ulimit -f 128; exec \"$0\" \"$@\""),
                List.of("-D" + RingFile.DIRECTORY_PROPERTY + "=" + disk, "-XX:-UsePerfData"),
                "fulldisk",
                disk.toString());
    }

    private static Jvm start(List<String> prefix, List<String> flags, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
        command.addAll(flags);
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        command.addAll(List.of("-cp", path, PeerProgram.class.getName()));
        command.addAll(List.of(arguments));
        return new Jvm(command);
    }

    /** The next line it prints; null at the end. */
    String line() throws IOException {
        return out.readLine();
    }

    /** Ends it by SIGKILL, and does not wait. */
    void kill() {
        process.destroyForcibly();
    }

    void awaitExit() throws InterruptedException {
        process.waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        kill();
        awaitExit();
    }
}
