// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program that a test runs to its end, on a Java of its choice.
 *
 * <p><b>Threads:</b> one.
 */
final class Program {
    private final Path home;
    private final Map<String, String> environment = new HashMap<>();
    private Path directory = Path.of("");

    Program() {
        this(Path.of(System.getProperty("java.home")));
    }

    Program(Path home) {
        this.home = home;
    }

    Program with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    Program in(Path folder) {
        directory = folder;
        return this;
    }

    /** What it printed, and what went wrong. */
    record End(int exit, String out, String err) {}

    /** Runs it. */
    End run(List<String> arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>();
        line.add(home.resolve("bin").resolve("java").toString());
        line.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")); // a short life
        line.add("-Dprocessional.archives=false"); // what they are for is tested elsewhere
        line.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
        line.addAll(arguments);
        Path err = Files.createTempFile("program", ".err");
        try {
            ProcessBuilder builder = new ProcessBuilder(line)
                    .directory(directory.toAbsolutePath().toFile())
                    .redirectError(err.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            String out;
            try (InputStream in = process.getInputStream()) {
                out = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
            boolean ended = process.waitFor(30, TimeUnit.SECONDS);
            process.destroyForcibly();
            String words = Files.readString(err);
            assertThat(ended).as(words).isTrue();
            return new End(process.exitValue(), out, words);
        } finally {
            Files.delete(err);
        }
    }

    /** Runs one that should go well; what it printed. */
    String out(List<String> arguments) throws IOException, InterruptedException {
        End end = run(arguments);
        assertThat(end.exit()).as(end.toString()).isZero();
        return end.out();
    }
}
