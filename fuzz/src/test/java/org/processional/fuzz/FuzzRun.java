// SPDX-License-Identifier: Apache-2.0
package org.processional.fuzz;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Runs targets under Jazzer, each in a JVM of its own, and tells for each how many inputs it ran. It exits with 1 if there
 * was a finding: the input is in {@code findings}, below the working directory, and belongs into the regression inputs.
 *
 * <p>Jazzer's sanitizers of deserialization and reflection are off: the codec makes the serializable objects that a
 * message names, and loads their classes, by design. Who may send messages is decided before anything is decoded.
 *
 * <p><b>Threads:</b> main thread only.
 */
public final class FuzzRun {
    private static final String HOOKS = "com.code_intelligence.jazzer.sanitizers.";

    private FuzzRun() {}

    /** What became of a target. */
    private record Outcome(String target, long executions, long seconds, String coverage, boolean finding) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%-14s %,14d executions in %4d s, coverage %s%s",
                    target,
                    executions,
                    seconds,
                    coverage,
                    finding ? ", A FINDING" : ", no finding");
        }
    }

    /** Takes the seconds for each target, and the targets with commas between, all if there are none. */
    public static void main(String[] args) throws IOException, InterruptedException {
        int seconds = Integer.parseInt(args[0]);
        List<Target> targets = args.length < 2 || args[1].isBlank()
                ? Targets.all()
                : java.util.Arrays.stream(args[1].split(","))
                        .map(Targets::named)
                        .toList();
        List<Outcome> outcomes = new ArrayList<>();
        for (Target target : targets) {
            Outcome outcome = run(target, seconds);
            System.out.println(outcome);
            outcomes.add(outcome);
        }
        System.out.println(
                "\nJava " + Runtime.version() + ", " + Runtime.getRuntime().availableProcessors() + " processors");
        outcomes.forEach(System.out::println);
        System.exit(outcomes.stream().anyMatch(Outcome::finding) ? 1 : 0);
    }

    private static Outcome run(Target target, int seconds) throws IOException, InterruptedException {
        Path folder = Files.createDirectories(Path.of("fuzz", target.name())).toAbsolutePath();
        Path corpus = Files.createDirectories(folder.resolve("corpus"));
        Path findings =
                Files.createDirectories(Path.of("findings", target.name())).toAbsolutePath();
        int number = 0;
        for (byte[] seed : target.seeds()) {
            Files.write(corpus.resolve("seed-" + number++), seed);
        }
        for (Regressions.Input input : Regressions.of(target)) {
            Files.write(corpus.resolve(input.name()), input.bytes());
        }
        Path log = folder.resolve("jazzer.log");
        long start = System.nanoTime();
        Process process = new ProcessBuilder(command(target, seconds, corpus, findings))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        long executions = 0;
        String coverage = "?";
        try (BufferedReader reader = process.inputReader();
                PrintStream to = new PrintStream(Files.newOutputStream(log))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                to.println(line);
                if (line.startsWith("stat::number_of_executed_units:")) {
                    executions = Long.parseLong(
                            line.substring(line.indexOf(':', 6) + 1).strip());
                } else if (line.startsWith("#") && line.contains(" cov: ")) {
                    coverage = line.replaceAll(".* cov: (\\d+).*", "$1");
                }
            }
        }
        int code = process.waitFor();
        long took = (System.nanoTime() - start) / 1_000_000_000;
        return new Outcome(target.name(), executions, took, coverage, code != 0);
    }

    private static List<String> command(Target target, int seconds, Path corpus, Path findings) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Runtime.version().feature() >= 24) {
            command.add("--enable-native-access=ALL-UNNAMED");
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.addAll(List.of(
                "-Xmx512m",
                "-XX:+EnableDynamicAgentLoading",
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + JazzerEntry.class.getName(),
                "--target_args=" + target.name(),
                "--instrumentation_includes=org.processional.**:org.jboss.marshalling.**:picocli.**",
                "--instrumentation_excludes=org.processional.fuzz.**",
                "--disabled_hooks=" + HOOKS + "Deserialization:" + HOOKS + "ReflectiveCall",
                "--reproducer_path=" + findings,
                "-artifact_prefix=" + findings + "/",
                "-max_total_time=" + seconds,
                "-timeout=300",
                "-rss_limit_mb=3000",
                "-print_final_stats=1",
                corpus.toString()));
        return command;
    }
}
