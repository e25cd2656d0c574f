// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/**
 * Runs {@link Fork} in a JVM of its own, with the flags of this one.
 *
 * <p><b>Threads:</b> one thread uses it; a watcher kills the JVM when its time is over.
 */
final class ForkJvm {
    private static final int LAST_LINES = 20;

    /** Agrona, beneath Aeron, needs it. */
    static final List<String> FLAGS_OF_PEERS = List.of("--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED");

    /** Kryo and Fory need it for lambdas. */
    static final List<String> FLAGS_OF_CODECS = List.of("--add-opens=java.base/java.lang.invoke=ALL-UNNAMED");

    /** Hazelcast asks for them, for its best performance. */
    static final List<String> FLAGS_OF_HAZELCAST = List.of(
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-opens=java.management/sun.management=ALL-UNNAMED",
            "--add-opens=jdk.management/com.sun.management.internal=ALL-UNNAMED");

    private ForkJvm() {}

    /** Is told how far it is. */
    interface Listener {
        /** A row is warmed up, where that is done for all before the first is measured. */
        void warm(String row);

        /** A row is measured. */
        void measured(Measured row);
    }

    /**
     * Measures rows.
     *
     * @param rows which; they share the JVM
     * @param limitNanos after this time the JVM is killed
     * @param listener is told of each row as soon as it is there
     * @throws IOException if the JVM failed; with the last lines that it printed
     */
    static void run(List<Row> rows, Plan plan, long limitNanos, Listener listener)
            throws IOException, InterruptedException {
        run(line(rows, plan), limitNanos, text -> {
            int begin = text.indexOf(Fork.MEASURED);
            int warm = text.indexOf(Fork.WARM);
            if (begin >= 0) {
                listener.measured(measured(text.substring(begin + Fork.MEASURED.length())));
            } else if (warm >= 0) {
                listener.warm(text.substring(warm + Fork.WARM.length()));
            }
            return begin >= 0 || warm >= 0;
        });
    }

    private static Measured measured(String word) {
        try {
            return Fork.decode(Measured.class, word);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Runs a JVM.
     *
     * @param line its command line
     * @param limitNanos after this time it is killed
     * @param results is given each line that it prints, and tells whether that is a result
     * @throws IOException if the JVM failed; with the last lines that it printed beside
     */
    static void run(List<String> line, long limitNanos, Predicate<String> results)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        AtomicBoolean late = new AtomicBoolean();
        Thread watcher = Threads.start("watcher", () -> {
            try {
                if (!process.waitFor(limitNanos, TimeUnit.NANOSECONDS)) {
                    late.set(true);
                    process.destroyForcibly(); // its slaves end with it
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
            }
        });
        Deque<String> last = new ArrayDeque<>();
        try (BufferedReader reader = process.inputReader()) {
            for (String text = reader.readLine(); text != null; text = reader.readLine()) {
                if (!results.test(text)) {
                    last.add(text);
                    if (last.size() > LAST_LINES) {
                        last.remove();
                    }
                }
            }
            int exit = process.waitFor();
            if (late.get()) {
                throw new IOException("not done within " + TimeUnit.NANOSECONDS.toSeconds(limitNanos) + " s");
            }
            if (exit != 0) {
                throw new IOException("the JVM ended with " + exit + ": " + String.join("\n", last));
            }
        } finally {
            watcher.interrupt();
            process.destroyForcibly();
        }
    }

    /** The program, with the flags of this JVM. */
    static List<String> java() {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (!flag.startsWith("-agentlib:") && !flag.startsWith("-javaagent:")) {
                line.add(flag);
            }
        }
        return line;
    }

    private static List<String> line(List<Row> rows, Plan plan) throws IOException {
        List<String> line = new ArrayList<>();
        if (rows.get(0).group().equals(Row.ONE_CORE)) {
            line.addAll(OneCore.COMMAND);
        }
        line.addAll(java());
        if (rows.stream().anyMatch(row -> row.group().equals("shm"))) {
            line.addAll(FLAGS_OF_PEERS);
        }
        if (rows.stream().anyMatch(row -> row.group().equals(Row.CODEC))) {
            line.addAll(FLAGS_OF_CODECS);
        }
        if (plan.last() == Role.MORE
                && rows.stream().anyMatch(row -> row.entrant(Role.MORE).isPresent())) {
            line.addAll(FLAGS_OF_HAZELCAST);
        }
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), Fork.class.getName(), Fork.encode(plan)));
        rows.forEach(row -> line.add(row.name()));
        return line;
    }
}
