// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Measures Processional beside the limits of the machine, least code and peers, in turns within one JVM, and prints a
 * table. A ratio above 1 tells how many times slower Processional is; the last column, how many times faster than the
 * peer. Each figure is the median of the rounds, with the lowest and the highest.
 *
 * <p>It needs two processors for itself. Where two threads that spin share one, a round trip takes a time slice, and
 * the limits come out slower than what they limit; a line says so when the machine was busy before.
 *
 * <pre>java -cp 'bench/target/processional-bench-VERSION.jar:bench/target/lib/*' org.processional.bench.Compare --quick</pre>
 */
public final class Compare {
    private static final String USAGE = """
            Compare [--quick] [--filter REGEX]
              --quick         5 rounds of 0.2 s instead of 9 of 0.5 s, and less warm-up
              --filter REGEX  only rows in whose name it is found""";

    /** Above this load for each processor, others ran beside the first row. */
    private static final double QUIET = 0.5;

    private static final Comparison.Plan FULL = plan(9, 500, 8000);
    private static final Comparison.Plan QUICK = plan(5, 200, 3000);

    private Compare() {}

    private static Comparison.Plan plan(int rounds, long roundMillis, long warmUpMillis) {
        return new Comparison.Plan(
                rounds, TimeUnit.MILLISECONDS.toNanos(roundMillis), TimeUnit.MILLISECONDS.toNanos(warmUpMillis));
    }

    /**
     * Measures and prints.
     *
     * @param args {@code --quick}, {@code --filter REGEX}, {@code --help}
     * @throws Exception if something did not start, or failed
     */
    public static void main(String[] args) throws Exception {
        Comparison.Plan plan = FULL;
        Pattern filter = Pattern.compile("");
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals("--quick")) {
                plan = QUICK;
            } else if (args[i].equals("--filter") && i + 1 < args.length) {
                filter = Pattern.compile(args[++i]);
            } else if (args[i].equals("--help")) {
                System.out.println(USAGE);
                return;
            } else {
                throw new IllegalArgumentException("no such option, or no value for it: " + args[i] + "\n" + USAGE);
            }
        }
        run(plan, filter, System.out);
    }

    /** Measures the rows whose names have what the filter seeks, and prints each as soon as it is there. */
    static void run(Comparison.Plan plan, Pattern filter, PrintStream out) throws Exception {
        List<Row> rows = Row.ALL.stream()
                .filter(row -> filter.matcher(row.name()).find())
                .toList();
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("no row has \"" + filter + "\"; there are "
                    + Row.ALL.stream().map(Row::name).toList());
        }
        out.println(machine() + "; load before " + format(load()) + "; " + plan.rounds() + " rounds of "
                + TimeUnit.NANOSECONDS.toMillis(plan.roundNanos()) + " ms");
        if (load() > QUIET * Runtime.getRuntime().availableProcessors()) {
            out.println("the machine is busy: what spins shares processors, so limits and ratios mean little");
        }
        out.println();
        out.println(Comparison.HEAD);
        for (Row row : rows) {
            Comparison.of(row, plan).lines().forEach(out::println);
        }
        out.println();
        out.println("load after " + format(load()));
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
