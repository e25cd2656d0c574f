// SPDX-License-Identifier: Apache-2.0
package org.processional.cli;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Runs the comparison of the module bench, which is no part of the program: {@code bin/processional} builds it in the
 * checkout and tells where it is.
 *
 * <p><b>Threads:</b> main thread only.
 */
@Command(
        name = "bench",
        description = "Measure the speed beside limits of the machine, least code and peers, in one run.",
        footer = {
            "",
            "All rows in full take about an hour, --quick 3 minutes. Leave the machine alone meanwhile.",
            "",
            "Examples:",
            "  processional bench --quick",
            "  processional bench --quick --filter '^process.invoke' --json figures.json"
        })
final class Bench implements Callable<Integer> {
    /** Names the folder in which the bench was built. */
    static final String FOLDER = "processional.bench";

    /** What is for the module path, and for this JVM alone. */
    private static final List<String> NOT_INHERITED =
            List.of("-D" + FOLDER, "-Djdk.module.", "--module-path", "--add-modules", "-agentlib:");

    private static final String MAIN = "org.processional.bench.Compare";

    @Option(names = "--quick", description = "One JVM, short rounds, one peer a row.")
    private boolean quick;

    @Option(
            names = "--all",
            description = "Those peers as well that take long to start: gRPC over TCP, JGroups, Hazelcast.")
    private boolean all;

    @Option(names = "--check", description = "Exit with 3 if a row misses what it must reach.")
    private boolean check;

    @Option(
            names = "--growth",
            description = "How the cost of a call grows with clients, pending calls, exported objects and bytes.")
    private boolean growth;

    @Option(names = "--filter", paramLabel = "REGEX", description = "Only rows in whose names it is found.")
    private @Nullable String filter;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures there.")
    private @Nullable Path json;

    @Option(names = "--plot", paramLabel = "DIR", description = "Write plots there, as SVG and PNG.")
    private @Nullable Path plot;

    @Override
    public Integer call() throws IOException, InterruptedException {
        String folder = System.getProperty(FOLDER);
        if (folder == null) {
            throw new IllegalStateException(
                    "the bench is not here; run bin/processional bench in a checkout, which builds it");
        }
        Process process =
                new ProcessBuilder(command(Path.of(folder))).inheritIO().start();
        Thread end = new Thread(process::destroy); // at Ctrl-C it has its own signal as well
        Runtime.getRuntime().addShutdownHook(end);
        try {
            return process.waitFor();
        } finally {
            Runtime.getRuntime().removeShutdownHook(end);
        }
    }

    /** The command line: on the class path, what slaves need first. */
    private List<String> command(Path folder) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (NOT_INHERITED.stream().noneMatch(flag::startsWith)) {
                command.add(flag);
            }
        }
        List<String> path = new ArrayList<>(jars(folder));
        path.addAll(jars(folder.resolve("lib")));
        path.addAll(jars(folder.resolve("peers")));
        command.addAll(List.of("-cp", String.join(File.pathSeparator, path), MAIN));
        if (quick) {
            command.add("--quick");
        }
        if (all) {
            command.add("--all");
        }
        if (check) {
            command.add("--check");
        }
        if (growth) {
            command.add("--growth");
        }
        add(command, "--filter", filter);
        add(command, "--json", json);
        add(command, "--plot", plot);
        return command;
    }

    private static void add(List<String> command, String option, @Nullable Object value) {
        if (value != null) {
            command.addAll(List.of(option, value.toString()));
        }
    }

    private static List<String> jars(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(Path::toString)
                    .filter(name -> name.endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }
}
