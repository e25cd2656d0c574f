// SPDX-License-Identifier: Apache-2.0
package org.processional.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.processional.fuzz.Target;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;

/** The command line, one argument a line: it is understood, or it says why not and exits with 2. Nothing is run. */
public final class CommandLineTarget implements Target {
    @Override
    public String name() {
        return "command-line";
    }

    @Override
    public List<byte[]> seeds() {
        return Stream.of(
                        "demo\n--transport\nshm",
                        "serve\n--address=unix:/tmp/server\n--main\nx.Y\n--persistent\n--detach\n--no-code",
                        "serve\n-a\ntcp://127.0.0.1:0\n-pd",
                        "stop\nunix:@name\n--wait=7",
                        "stop\n@name",
                        "transports\n--json\n--verbose",
                        "bench\n--quick\n--filter\n.*\n--json\nx.json\n--plot=y",
                        "--help",
                        "serve\n--help",
                        "-V",
                        "")
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    /** It takes milliseconds to make a command line. */
    @Override
    public int damages() {
        return 2;
    }

    @Override
    public void run(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        String[] args = text.isEmpty() ? new String[0] : text.split("\n", -1);
        StringWriter errors = new StringWriter();
        CommandLine line = Main.commandLine()
                .setOut(new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(errors))
                .setExecutionStrategy(parsed -> {
                    Integer help = CommandLine.executeHelpRequest(parsed);
                    return help == null ? ExitCode.OK : help;
                });
        int code = line.execute(args);
        if (code != ExitCode.OK && code != ExitCode.USAGE) {
            throw new AssertionError("exit code " + code + ": " + errors);
        }
        if (code == ExitCode.USAGE && errors.toString().isBlank()) {
            throw new AssertionError("it was not understood, and not told why");
        }
    }
}
