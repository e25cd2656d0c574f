// SPDX-License-Identifier: Apache-2.0
package org.processional.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Runs the programs of the README, each in a JVM of its own, and checks what they print.
 *
 * <p><b>Threads:</b> main thread only.
 */
@Command(
        name = "demo",
        description = "Run the six programs of the README, and tell how long each took.",
        footer = {"", "Examples:", "  processional demo", "  processional demo --transport tcp"})
final class Demo implements Callable<Integer> {
    private static final String EXAMPLES = "org.processional.examples";
    private static final String SUM = "sum is 499999500000";
    private static final String PRODUCT = "product is 0";

    /** One program: what it shows, the class to run, and what that prints. */
    record Program(String title, String main, List<String> lines) {
        Program(String title, String main, String... lines) {
            this(title, main, List.of(lines));
        }
    }

    private static final List<Program> PROGRAMS = List.of(
            new Program("a thread with a result", "Threads", SUM, PRODUCT),
            new Program("one slave thread, many tasks", "OneSlaveThread", SUM, PRODUCT),
            new Program("a slave process", "OneSlaveProcess", SUM, PRODUCT),
            new Program("two programs and a server", "TwoProcesses", SUM, PRODUCT),
            new Program("a typed proxy that calls back", "Callback", "25 %", "50 %", "75 %", "100 %", SUM),
            new Program(
                    "a server without the program's classes",
                    "TravellingCode",
                    SUM,
                    PRODUCT,
                    "the server got " + EXAMPLES + ".TravellingCode",
                    "the server got " + EXAMPLES + ".Heavy"));

    @SuppressWarnings({"unused", "NullAway.Init"}) // picocli fills it
    @Spec
    private CommandSpec spec;

    @SuppressWarnings("unused") // picocli fills it
    @Option(
            names = "--transport",
            paramLabel = "SCHEME",
            description = "What processes talk over, for example unix, shm or tcp; the best that works if left out.")
    private @Nullable String transport;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (transport != null) {
            Schemes.requireKnown(spec, List.of(transport));
        }
        PrintWriter out = spec.commandLine().getOut();
        int failed = 0;
        for (int i = 0; i < PROGRAMS.size(); i++) {
            Program program = PROGRAMS.get(i);
            String title = i + 1 + ". " + program.title();
            out.println(title);
            long start = System.nanoTime();
            boolean passed = run(program, out);
            double seconds = (System.nanoTime() - start) / 1e9;
            out.println(String.format(Locale.ROOT, "-- %s: %.2f s%s", title, seconds, passed ? "" : ", FAILED"));
            out.flush();
            failed += passed ? 0 : 1;
        }
        if (failed > 0) {
            spec.commandLine().getErr().println("processional: " + failed + " of the programs failed");
        }
        return failed == 0 ? 0 : 1;
    }

    private boolean run(Program program, PrintWriter out) throws IOException, InterruptedException {
        List<String> flags = transport == null ? List.of() : List.of("-Dprocessional.transport=" + transport);
        Process process = new ProcessBuilder(JavaProgram.command(EXAMPLES, EXAMPLES + "." + program.main(), flags))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        process.getOutputStream().close();
        List<String> lines = new ArrayList<>();
        try (BufferedReader reader = process.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
                out.println(line);
                out.flush();
            }
        }
        return process.waitFor() == 0 && lines.equals(program.lines());
    }
}
