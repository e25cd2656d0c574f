// SPDX-License-Identifier: Apache-2.0
package org.processional.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Colours are for terminals. */
@Timeout(120)
class TerminalTest {
    private static final Path SCRIPT = Path.of("/usr/bin/script"); // of util-linux: runs a command in a terminal
    private static final String COLOUR = "\u001b[";

    private static List<String> help() {
        List<String> command = JavaProgram.command("org.processional.cli", Main.class.getName(), List.of());
        command.add("--help");
        return command;
    }

    private static String output(List<String> command, String noColour) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("NO_COLOR", noColour);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(output).contains("completion");
        return output;
    }

    private static List<String> inTerminal(List<String> command) {
        String line = command.stream()
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
        return List.of(SCRIPT.toString(), "-qec", line, "/dev/null");
    }

    @Test
    void noneInAPipe() throws Exception {
        assertThat(output(help(), "")).doesNotContain(COLOUR);
    }

    @Test
    void someInATerminal() throws Exception {
        assumeThat(SCRIPT).isExecutable();
        assertThat(output(inTerminal(help()), "")).contains(COLOUR);
    }

    @Test
    void noneInATerminalWhereNobodyWantsThem() throws Exception {
        assumeThat(SCRIPT).isExecutable();
        assertThat(output(inTerminal(help()), "1")).doesNotContain(COLOUR);
    }
}
