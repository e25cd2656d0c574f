// SPDX-License-Identifier: Apache-2.0
package org.processional.cli.soak;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.processional.cli.Schemes;
import org.processional.cli.Terminal;
import org.processional.spi.Providers;
import org.processional.spi.Transport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Mixes everything for a time, and tells whether something was lost or left.
 *
 * <p><b>Threads:</b> main thread only.
 */
@Command(
        name = "soak",
        description = {
            "Do everything at once for a time, and draw a balance: nothing lost, nothing left.",
            "Tasks on threads, slave threads and processes over each transport; proxies, callbacks, shared memory, large"
                    + " values, travelling code; cancels, kills of slaves, clients that come and go."
        },
        footer = {
            "",
            "The steps are chosen by the seed; how threads and processes meet is up to the machine.",
            "Exits with 0 if the balance is even, with 3 if it is not.",
            "",
            "Examples:",
            "  processional soak --minutes 20",
            "  processional soak --seconds 30 --transports tcp --seed 42"
        })
public final class Soak implements Callable<Integer> {
    /** The exit code of a soak that found something. */
    static final int UNEVEN = 3;

    static final long TICKS_OF_LOG = 10;

    private static final long LONGEST_SECONDS = 366L * 24 * 60 * 60;
    private static final int MOST_WORKERS = 1000;

    private final List<Step> steps;

    @SuppressWarnings({"unused", "NullAway.Init"}) // picocli fills it
    @Spec
    private CommandSpec spec;

    @SuppressWarnings("unused") // picocli fills it
    @Option(names = "--minutes", paramLabel = "N", description = "How long, in minutes; default 1.")
    private @Nullable Integer minutes;

    @SuppressWarnings("unused") // picocli fills it
    @Option(names = "--seconds", paramLabel = "N", description = "How long, in seconds; added to the minutes.")
    private @Nullable Integer seconds;

    @SuppressWarnings("unused") // picocli fills it
    @Option(names = "--seed", paramLabel = "N", description = "What the steps are chosen by; a random one if left out.")
    private @Nullable Long seed;

    @SuppressWarnings("unused") // picocli fills it
    @Option(
            names = "--transports",
            paramLabel = "SCHEME",
            split = ",",
            description = "What processes talk over, such as unix,tcp,shm; all that work here if left out.")
    private @Nullable List<String> transports;

    @Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "4",
            description = "How many threads do steps; default ${DEFAULT-VALUE}.")
    private int workers;

    @Option(
            names = "--settle",
            hidden = true,
            defaultValue = "20",
            description = "How many seconds what was closed may take to be gone.")
    private int settle;

    /** The soak of the command line. */
    public Soak() {
        this(Step.all());
    }

    Soak(List<Step> steps) {
        this.steps = steps;
    }

    @Override
    public Integer call() throws Exception {
        SoakRun.Plan plan = new SoakRun.Plan(
                duration(),
                seed == null ? ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE) : seed,
                schemes(),
                workers,
                Duration.ofSeconds(settle));
        PrintWriter out = spec.commandLine().getOut();
        out.println("soak: " + plan.duration().toSeconds() + " s over " + String.join(", ", plan.schemes()) + ", "
                + workers + " workers, seed " + plan.seed());
        out.flush();
        Live live = new Live(out, Terminal.isThere());
        SoakRun run = new SoakRun(plan, steps, live);
        Balance balance = run.run();
        live.clear();
        report(run.ledger(), balance, out);
        return balance.holds() ? 0 : UNEVEN;
    }

    private Duration duration() {
        long sum = 60L * (minutes == null ? 0 : minutes) + (seconds == null ? 0 : seconds);
        if (minutes == null && seconds == null) {
            sum = 60;
        }
        boolean isBelow = minutes != null && minutes < 0 || seconds != null && seconds < 0;
        if (isBelow || sum < 1 || sum > LONGEST_SECONDS || workers < 1 || workers > MOST_WORKERS) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--minutes and --seconds must be 0 or more, 1 s to a year together, and --workers 1 to "
                            + MOST_WORKERS + "; not " + sum + " s and " + workers);
        }
        return Duration.ofSeconds(sum);
    }

    /** What was asked for, or all transports that work here and would be taken without being named. */
    private List<String> schemes() {
        if (transports == null) {
            return Providers.find(Transport.class).providers().stream()
                    .filter(transport ->
                            transport.priority() >= 0 && transport.unavailable().isEmpty())
                    .sorted(Comparator.comparingInt(Transport::priority).reversed())
                    .map(Transport::scheme)
                    .toList();
        }
        Schemes.requireKnown(spec, transports);
        return transports;
    }

    // ---- what is printed

    /** The figures of the moment: on a terminal in place, else a line now and then. */
    static final class Live implements SoakRun.Listener {
        private final PrintWriter out;
        private final boolean inPlace;
        private long ticks;
        private int width;

        Live(PrintWriter out, boolean inPlace) {
            this.out = out;
            this.inPlace = inPlace;
        }

        @Override
        public void tick(SoakRun.Figures figures) {
            if (inPlace) {
                String line = line(figures);
                out.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
                width = line.length();
                out.flush();
            } else if (++ticks % TICKS_OF_LOG == 0) {
                out.println(line(figures));
                out.flush();
            }
        }

        @Override
        public void quiet(SoakRun.Figures figures, Census census) {
            clear();
            out.println(String.format(
                    Locale.ROOT,
                    "%s round %d of %d: %d tasks, %d slaves; heap %s, %d descriptors, %d segments, %d threads, %d"
                            + " children",
                    clock(figures.nanos()),
                    figures.round(),
                    figures.rounds(),
                    figures.ledger().endedTasks(),
                    figures.ledger().of(Ledger.Thing.SLAVE),
                    Balance.mebibytes(census.heapBytes()),
                    census.descriptors().size(),
                    census.segments(),
                    census.threads().size(),
                    census.children().size()));
            out.flush();
        }

        void clear() {
            if (inPlace && width > 0) {
                out.print("\r" + " ".repeat(width) + "\r");
                out.flush();
                width = 0;
            }
        }

        private static String line(SoakRun.Figures figures) {
            Ledger ledger = figures.ledger();
            long ended = ledger.endedTasks();
            return String.format(
                    Locale.ROOT,
                    "%s %d tasks (%d/s), %d pending, %d slaves, %d killed, %d clients, %d objects, heap %s, %d threads"
                            + ", %d wrong",
                    clock(figures.nanos()),
                    ended,
                    ended * 1_000_000_000 / Math.max(1, figures.nanos()),
                    ledger.sentTasks() - ended,
                    ledger.of(Ledger.Thing.SLAVE),
                    ledger.of(Ledger.Thing.KILL),
                    ledger.of(Ledger.Thing.CLIENT),
                    ledger.of(Ledger.Thing.OBJECT),
                    Balance.mebibytes(Census.heapNow()),
                    Census.threadsNow().size(),
                    ledger.wrongs());
        }

        private static String clock(long nanos) {
            long seconds = nanos / 1_000_000_000;
            return String.format(Locale.ROOT, "%02d:%02d", seconds / 60, seconds % 60);
        }
    }

    private static <K> String list(K[] kinds, ToLongFunction<K> figure) {
        return Arrays.stream(kinds)
                .map(kind -> figure.applyAsLong(kind) + " " + kind)
                .collect(Collectors.joining(", "));
    }

    private void report(Ledger ledger, Balance balance, PrintWriter out) {
        out.println();
        out.println("tasks:  " + list(Outcome.values(), ledger::of));
        out.println("others: " + list(Ledger.Thing.values(), ledger::of));
        out.println();
        int width = balance.lines().stream()
                .mapToInt(line -> line.name().length())
                .max()
                .orElse(0);
        for (Balance.Line line : balance.lines()) {
            out.println("  " + Terminal.mark(spec, line.holds()) + " " + line.name()
                    + " ".repeat(width - line.name().length() + 2) + line.figures());
        }
        ledger.wrongTexts().forEach(text -> out.println("  wrong: " + text));
        out.println();
        out.println(balance.holds() ? "The balance is even." : "The balance is NOT even.");
        out.flush();
    }
}
