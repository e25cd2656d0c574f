// SPDX-License-Identifier: Apache-2.0
package org.processional.cli;

import org.processional.cli.soak.Soak;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The command {@code processional}. It exits with 0 if all went well, 1 if something failed, and 2 if it was not
 * understood.
 *
 * <p><b>Threads:</b> main thread only.
 */
@Command(
        name = "processional",
        description = "Calls functions in other threads and processes.",
        versionProvider = Version.class,
        subcommands = {Demo.class, Serve.class, Stop.class, Transports.class, Bench.class, Soak.class})
final class Main implements Runnable {
    @SuppressWarnings({"unused", "NullAway.Init"}) // picocli fills it
    @Spec
    private CommandSpec spec;

    @SuppressWarnings("unused") // picocli answers it
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Tell what there is to write, and exit.")
    private boolean help;

    @SuppressWarnings("unused") // picocli answers it
    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Tell the version, and exit.")
    private boolean version;

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Print the whole stack of an error, not its message alone.")
    private boolean verbose;

    /** Runs a command, and exits. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        Main main = new Main();
        return new CommandLine(main).setExecutionExceptionHandler((e, line, result) -> main.report(e, line));
    }

    private int report(Exception e, CommandLine line) {
        String message = e.getMessage();
        line.getErr().println("processional: " + (message == null ? e.toString() : message));
        if (verbose) {
            e.printStackTrace(line.getErr());
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "a command is missing: demo, serve, stop, transports or bench");
    }
}
