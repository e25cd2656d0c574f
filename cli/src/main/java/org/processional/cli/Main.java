// SPDX-License-Identifier: Apache-2.0
package org.processional.cli;

import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.util.concurrent.Callable;
import org.processional.cli.soak.Soak;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command {@code processional}. It exits with 0 if all went well, 1 if something failed, 2 if it was not understood,
 * and 3 if what was looked at is not as it should be.
 *
 * <p><b>Threads:</b> main thread only.
 */
@Command(
        name = "processional",
        description = "Calls functions in other threads and processes.",
        versionProvider = Version.class,
        subcommands = {
            Demo.class,
            Serve.class,
            Status.class,
            Stop.class,
            Transports.class,
            Doctor.class,
            Bench.class,
            Soak.class,
            Completion.class,
            VersionCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            " 0:all went well",
            " 1:something failed; the message says what",
            " 2:the command line was not understood",
            " 3:what was checked is not as it should be: doctor, soak, bench --check"
        },
        footer = {
            "",
            "Begin with `processional demo`; `processional COMMAND --help` has examples. If something does not work,",
            "`processional doctor` tells what is missing here."
        })
final class Main implements Callable<Integer> {
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
        CommandLine line = commandLine();
        int code;
        try {
            code = line.execute(args);
        } catch (Error e) { // no more memory or threads, say: the line itself reports exceptions alone
            code = line.<Main>getCommand().report(e, line);
        }
        System.exit(code);
    }

    static CommandLine commandLine() {
        Main main = new Main();
        return new CommandLine(main)
                .setExpandAtFiles(false) // "@name" is an argument, as it stands, and no file of arguments
                .setExecutionExceptionHandler((e, line, result) -> main.report(e, line))
                .setParameterExceptionHandler((e, arguments) -> notUnderstood(e))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setColorScheme(CommandLine.Help.defaultColorScheme(Terminal.ansi()));
    }

    /** The error, what was probably meant, and how to write it. */
    private static int notUnderstood(ParameterException e) {
        CommandLine line = e.getCommandLine();
        PrintWriter err = line.getErr();
        err.println("processional: " + e.getMessage());
        boolean suggested = UnmatchedArgumentException.printSuggestions(e, err);
        err.print("Usage: " + line.getHelp().synopsis("Usage: ".length()));
        if (!suggested) {
            err.println("`" + line.getCommandSpec().qualifiedName() + " --help` tells more.");
        }
        err.flush();
        return CommandLine.ExitCode.USAGE;
    }

    /** Whether whole stacks are wanted. */
    boolean isVerbose() {
        return verbose;
    }

    private int report(Throwable e, CommandLine line) {
        String message = e.getMessage();
        boolean isSaid = message != null && e instanceof Exception && !(e instanceof FileSystemException);
        line.getErr()
                .println("processional: " + (isSaid ? message : e.toString())); // of the others it may be a name alone
        if (verbose) {
            e.printStackTrace(line.getErr());
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return CommandLine.ExitCode.USAGE;
    }
}
