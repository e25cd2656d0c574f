// SPDX-License-Identifier: Apache-2.0
package org.processional.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Tests that give commands in this process, and read what they print. */
abstract class CommandRuns {
    @TempDir
    Path directory;

    final StringWriter out = new StringWriter();
    final StringWriter err = new StringWriter();

    /** Runs a command; returns its exit code. */
    final int run(String... args) {
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(args);
    }

    /** An address that nobody uses. */
    final String fresh() {
        return "unix:" + directory.resolve("server");
    }
}
