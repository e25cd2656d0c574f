// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Measures Processional beside the limits of the machine, least code and peers, in JVMs one after the other, and prints a
 * table; on request also JSON and plots. {@code docs/performance.md} tells what the columns mean.
 *
 * <p>It needs two processors for itself. Where two threads that spin share one, a round trip takes a time slice, and
 * the limits come out slower than what they limit; a line says so when the machine was busy before.
 */
public final class Compare {
    private static final String USAGE =
            "bench [--quick] [--all] [--check] [--growth] [--filter REGEX] [--json FILE] [--plot DIR]; see processional bench --help";

    /** Above this load for each processor, others ran beside the first row. */
    private static final double QUIET = 0.5;

    private static final long QUICK_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(165);
    private static final long FULL_LIMIT_NANOS = TimeUnit.HOURS.toNanos(6);
    private static final long FORK_LIMIT_NANOS = TimeUnit.MINUTES.toNanos(5);

    /** Exit code: every row was measured at least once. */
    static final int DONE = 0;

    /** Exit code: a row was never measured. */
    static final int INCOMPLETE = 1;

    /** Exit code: a row missed what it must reach, and that was to be checked. */
    static final int MISSED = 3;

    private Compare() {}

    /** What is wanted. */
    record Options(
            boolean quick,
            boolean all,
            boolean check,
            boolean growth,
            Pattern filter,
            @Nullable Path json,
            @Nullable Path plots) {
        static Options of(String... args) {
            boolean quick = false;
            boolean all = false;
            boolean check = false;
            boolean growth = false;
            Pattern filter = Pattern.compile("");
            Path json = null;
            Path plots = null;
            for (int i = 0; i < args.length; i++) {
                String option = args[i];
                switch (option) {
                    case "--quick" -> quick = true;
                    case "--all" -> all = true;
                    case "--check" -> check = true;
                    case "--growth" -> growth = true;
                    case "--filter" -> filter = pattern(value(args, ++i));
                    case "--json" -> json = Path.of(value(args, ++i));
                    case "--plot" -> plots = Path.of(value(args, ++i));
                    default -> throw new IllegalArgumentException("no such option: " + option + "; " + USAGE);
                }
            }
            return new Options(quick, all, check, growth, filter, json, plots);
        }

        private static String value(String[] args, int at) {
            if (at >= args.length) {
                throw new IllegalArgumentException(args[at - 1] + " needs a value; " + USAGE);
            }
            return args[at];
        }

        private static Pattern pattern(String regex) {
            try {
                return Pattern.compile(regex);
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException("--filter: " + e.getMessage(), e);
            }
        }
    }

    /**
     * Measures and prints. Exits with 0 if every row was measured at least once, with 1 if not, with 2 if it was not
     * understood; with {@code --check}, with 3 if a row missed what it must reach.
     *
     * @param args {@code --quick}, {@code --all}, {@code --check}, {@code --growth}, {@code --filter REGEX},
     *     {@code --json FILE}, {@code --plot DIR}
     * @throws Exception if something could not be written
     */
    public static void main(String[] args) throws Exception {
        Options options;
        List<Row> rows;
        try {
            options = Options.of(args);
            requireWritable(options.json());
            if (options.growth()) {
                System.exit(Growth.run(options, System.out, System.err));
            }
            rows = rows(options.filter());
        } catch (IllegalArgumentException e) {
            System.err.println("processional: " + e.getMessage());
            System.exit(2);
            return;
        }
        Plan plan = options.quick() ? Plan.quick(options.all(), rows) : Plan.full(options.all());
        long limit = options.quick() ? QUICK_LIMIT_NANOS : FULL_LIMIT_NANOS;
        System.exit(run(rows, plan, limit, options, System.out, System.err));
    }

    /** The rows in whose names the filter finds something. */
    static List<Row> rows(Pattern filter) {
        List<Row> rows = Rows.ALL.stream()
                .filter(row -> filter.matcher(row.name()).find())
                .toList();
        List<String> leftOut = Rows.LEFT_OUT.keySet().stream()
                .filter(row -> filter.matcher(row).find())
                .toList();
        if (rows.isEmpty() && !leftOut.isEmpty()) {
            throw new IllegalArgumentException(
                    String.join(", ", leftOut) + " cannot be measured here: " + Rows.LEFT_OUT.get(leftOut.get(0)));
        }
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("no row has \"" + filter + "\" in its name; there are "
                    + String.join(", ", Rows.ALL.stream().map(Row::name).toList()));
        }
        return rows;
    }

    /**
     * Measures in JVMs of their own, and prints.
     *
     * @return the exit code: {@link #DONE}, {@link #INCOMPLETE} or {@link #MISSED}
     */
    static int run(List<Row> rows, Plan plan, long limitNanos, Options options, PrintStream out, PrintStream errors)
            throws IOException, InterruptedException {
        out.println(machine());
        out.println(plan.forks() + " forks, in each " + plan.rounds() + " rounds of "
                + TimeUnit.NANOSECONDS.toMillis(plan.roundNanos()) + " ms; load before " + format(load()));
        if (load() > QUIET * Runtime.getRuntime().availableProcessors()) {
            out.println("the machine is busy: what spins shares processors, so limits and ratios mean little");
        }
        Rows.LEFT_OUT.forEach((row, why) -> {
            if (options.filter().matcher(row).find()) {
                out.println("left out: " + row + ": " + why);
            }
        });
        List<String> troubles = new ArrayList<>();
        List<Measured> measured = measure(rows, plan, limitNanos, errors, troubles);
        List<Comparison> comparisons = Comparison.of(rows, measured);
        out.println();
        Table.print(comparisons, out);
        out.println();
        rows.stream().filter(row -> row.group().equals(Row.IDLE)).findFirst().ifPresent(row -> {
            if (plan.roundNanos(row) < Idle.NANOS) {
                out.printf(
                        Locale.ROOT,
                        "idle: watched for %.1f s, scaled to 30 s%n",
                        plan.roundNanos(row) / (double) TimeUnit.SECONDS.toNanos(1));
            }
        });
        Targets.print(comparisons, out);
        out.println();
        troubles.forEach(out::println);
        incomplete(rows, comparisons, plan.forks()).forEach(out::println);
        out.println("load after " + format(load()));
        boolean written = write(comparisons, options, out, errors);
        if (!written || comparisons.size() < rows.size()) {
            return INCOMPLETE;
        }
        boolean missed = comparisons.stream().anyMatch(row -> !Targets.met(row).orElse(true));
        return options.check() && missed ? MISSED : DONE;
    }

    /** Writes what is asked for; what cannot be written is told, and takes nothing else along. */
    private static boolean write(List<Comparison> comparisons, Options options, PrintStream out, PrintStream errors) {
        boolean written = true;
        if (options.json() != null) {
            try {
                Json.write(comparisons, options.json());
                out.println("written: " + options.json());
            } catch (IOException e) {
                errors.println("processional: " + options.json() + " cannot be written: " + e);
                written = false;
            }
        }
        if (options.plots() != null) {
            try {
                Plots.write(comparisons, options.plots()).forEach(file -> out.println("written: " + file));
            } catch (IOException e) {
                errors.println("processional: " + options.plots() + " cannot be written to: " + e);
                written = false;
            }
        }
        return written;
    }

    /** Refuses what cannot be written in the end, before an hour is spent on it. */
    private static void requireWritable(@Nullable Path file) {
        Path folder = file == null ? null : file.toAbsolutePath().getParent();
        if (folder != null && !(Files.isDirectory(folder) && Files.isWritable(folder))) {
            throw new IllegalArgumentException(
                    file + " cannot be written: there is no folder " + folder + " to write to");
        }
    }

    /** All rows in a first JVM each, or in one for their group, then all in a second: so an end before time hits all. */
    private static List<Measured> measure(
            List<Row> rows, Plan plan, long limitNanos, PrintStream errors, List<String> troubles)
            throws InterruptedException {
        long begin = System.nanoTime();
        Collection<List<Row>> groups = plan.groups(rows);
        Progress progress = new Progress(errors, Progress.onTerminal(), plan.millis(rows), limitNanos);
        List<Measured> measured = new ArrayList<>();
        for (int fork = 1; fork <= plan.forks(); fork++) {
            for (List<Row> group : groups) {
                List<Row> rest = group;
                while (!rest.isEmpty() && System.nanoTime() - begin < limitNanos) {
                    long left = limitNanos - (System.nanoTime() - begin);
                    Group running = new Group(rest, plan, fork, progress);
                    try {
                        running.begin();
                        ForkJvm.run(rest, plan, Math.min(left, FORK_LIMIT_NANOS), running);
                    } catch (IOException e) {
                        troubles.add("fork " + fork + ": " + running.next() + ": " + e.getMessage());
                    }
                    measured.addAll(running.measured());
                    rest = running.withoutNext();
                }
            }
        }
        progress.ends();
        return measured;
    }

    /** Which rows were measured in fewer forks than planned. */
    static List<String> incomplete(List<Row> rows, List<Comparison> comparisons, int planned) {
        Map<Integer, List<String>> byForks = new TreeMap<>();
        for (Row row : rows) {
            int forks = comparisons.stream()
                    .filter(each -> each.row().equals(row))
                    .mapToInt(each -> each.forks().size())
                    .sum();
            if (forks < planned) {
                byForks.computeIfAbsent(forks, none -> new ArrayList<>()).add(row.name());
            }
        }
        List<String> lines = new ArrayList<>();
        byForks.forEach((forks, names) -> lines.add("only " + forks + " of " + planned + " forks: "
                + (names.size() == rows.size() ? "all rows" : String.join(", ", names))));
        return lines;
    }

    private static String machine() {
        return System.getProperty("os.name") + " " + System.getProperty("os.arch") + ", "
                + Runtime.getRuntime().availableProcessors() + " processors, " + System.getProperty("java.vendor")
                + " " + Runtime.version() + ", flags "
                + ManagementFactory.getRuntimeMXBean().getInputArguments();
    }

    /** Threads that wanted to run in the last minute; other programs' too. */
    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private static String format(double load) {
        return String.format(Locale.ROOT, "%.1f", load);
    }
}
