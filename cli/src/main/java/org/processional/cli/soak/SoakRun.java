// SPDX-License-Identifier: Apache-2.0
package org.processional.cli.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.processional.Processional;
import org.processional.cli.soak.Stage.Resident;

/**
 * One soak: a warm-up, then rounds of steps on several threads, with a look at what all processes hold between them, when
 * nothing is pending.
 *
 * <p><b>Threads:</b> one thread runs it; it has threads of its own for the steps.
 */
final class SoakRun {
    /**
     * What is wanted.
     *
     * @param duration how long it lasts, up to the balance; a step that has begun is done to its end
     * @param seed decides on what the steps do
     * @param schemes the transports
     * @param workers number of threads that do steps
     * @param settle how long what is closed may take to be gone, at the end
     */
    record Plan(Duration duration, long seed, List<String> schemes, int workers, Duration settle) {}

    /** Hears how it goes; called by the thread that runs the soak. */
    interface Listener {
        /** About once a second. */
        void tick(Figures figures);

        /** Between two rounds. */
        void quiet(Figures figures, Census census);
    }

    /**
     * Figures of the moment.
     *
     * @param nanos since the start
     * @param round the round that runs, from 1
     * @param rounds how many there will be
     * @param ledger what is counted so far
     */
    record Figures(long nanos, int round, int rounds, Ledger ledger) {}

    private static final String SELF = "this process";
    private static final Duration LONGEST_ROUND = Duration.ofSeconds(60);
    private static final Duration SHORTEST_ROUND = Duration.ofSeconds(1);
    private static final int MOST_ROUNDS = 20;
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final int MOST_WRONGS = 100;
    private static final int MOST_NAMED = 8;
    private static final int LOOKS = 3;

    private final Plan plan;
    private final List<Step> steps;
    private final Listener listener;
    private final Ledger ledger = new Ledger();
    private final LeftOver leftOver = new LeftOver();
    private final long start = System.nanoTime();

    SoakRun(Plan plan, List<Step> steps, Listener listener) {
        this.plan = plan;
        this.steps = List.copyOf(steps);
        this.listener = listener;
    }

    /** Runs it to its end, and draws the balance. */
    Balance run() throws IOException, InterruptedException {
        Balance balance = new Balance();
        Path folder = Files.createTempDirectory("processional-soak-");
        try {
            Stage stage = new Stage(ledger, plan.schemes(), folder);
            try (stage) {
                stage.open();
                Map<String, Census> before = runRounds(stage);
                compare(before, stage, balance);
            }
            checkEnd(stage, balance);
        } finally {
            delete(folder);
        }
        return balance;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    Ledger ledger() {
        return ledger;
    }

    /** Does all rounds; returns what the processes held after the first one. */
    private Map<String, Census> runRounds(Stage stage) throws InterruptedException {
        int rounds = rounds();
        Workers workers = new Workers(stage, steps, plan.seed(), plan.workers());
        Map<String, Census> before = Map.of();
        for (int round = 1; round <= rounds && ledger.wrongs() < MOST_WRONGS; round++) {
            int current = round;
            boolean ended = workers.run(endOfRound(round, rounds), TICK, () -> listener.tick(figures(current, rounds)));
            if (!ended) {
                return before; // somebody is stuck, and nothing will be quiet any more
            }
            if (round == 1) {
                awaitReleased(stage);
                before = censuses(stage);
            }
            listener.quiet(figures(round, rounds), round == 1 ? own(before) : Census.take());
        }
        return before;
    }

    /** What is left of the time, in equal parts; a look at a slow machine takes its time too. */
    private long endOfRound(int round, int rounds) {
        long now = System.nanoTime();
        long left = start + plan.duration().toNanos() - now;
        return now + Math.max(left / (rounds - round + 1), plan.duration().toNanos() / rounds / 2);
    }

    private static Census own(Map<String, Census> censuses) {
        return java.util.Objects.requireNonNull(censuses.get(SELF));
    }

    private int rounds() {
        long longest = plan.duration().dividedBy(LONGEST_ROUND);
        long shortest = plan.duration().dividedBy(SHORTEST_ROUND);
        return (int) Math.max(2, Math.min(shortest, Math.max(longest, MOST_ROUNDS)));
    }

    private Figures figures(int round, int rounds) {
        return new Figures(System.nanoTime() - start, round, rounds, ledger);
    }

    // ---- the balance

    /** What the processes hold, each by its name. */
    private static Map<String, Census> censuses(Stage stage) {
        Map<String, Census> all = new LinkedHashMap<>();
        all.put(SELF, Census.take());
        for (Resident resident : stage.residents()) {
            all.put(resident.name(), resident.process().<Census, RuntimeException>invoke(Census::take));
        }
        return all;
    }

    /** Looks until everything is as it was, or the time is up. */
    private void compare(Map<String, Census> before, Stage stage, Balance balance) {
        long deadline = System.nanoTime() + plan.settle().toNanos();
        if (before.isEmpty()) {
            balance.add("rounds", "the first one did not end", false);
            return;
        }
        Balance last;
        int looks = 0;
        do { // what one look lets the collector of a slave drop is given back here before the next
            last = new Balance();
            looks++;
            Map<String, Census> after = censuses(stage);
            for (Map.Entry<String, Census> process : before.entrySet()) {
                Census now = after.get(process.getKey());
                if (now != null) {
                    last.compare(process.getKey(), process.getValue(), now);
                }
            }
            objects(after, last);
        } while (!last.holds() && (looks < LOOKS || System.nanoTime() - deadline < 0));
        balance.addAll(last);
    }

    private void objects(Map<String, Census> censuses, Balance balance) {
        List<String> kept = new ArrayList<>();
        censuses.forEach((process, census) -> census.exports().forEach(type -> kept.add(type + " in " + process)));
        long exported = ledger.of(Ledger.Thing.OBJECT);
        String figures = "exported " + exported + ", released " + (exported - kept.size());
        balance.add("objects", figures + tail(kept), kept.isEmpty());
    }

    private void awaitReleased(Stage stage) {
        long deadline = System.nanoTime() + plan.settle().toNanos();
        boolean released;
        do {
            System.gc(); // which finds the proxies that were dropped
            released = Processional.exports().isEmpty()
                    && stage.residents().stream()
                            .allMatch(resident -> resident.process().exports().isEmpty());
        } while (!released && System.nanoTime() - deadline < 0);
    }

    /** What must be gone when everything is closed. */
    private void checkEnd(Stage stage, Balance balance) throws InterruptedException {
        balance.equal("tasks", "sent", ledger.sentTasks(), "ended", ledger.endedTasks());
        balance.add("results", ledger.wrongs() + " wrong", ledger.wrongs() == 0);
        long deadline = System.nanoTime() + plan.settle().toNanos();
        List<String> files;
        List<ProcessHandle> processes;
        do {
            System.gc();
            files = leftOver.find(stage.processes(), stage.folder());
            processes = stage.processes().stream().filter(SoakRun::isLeft).toList();
        } while (!(files.isEmpty() && processes.isEmpty()) && System.nanoTime() - deadline < 0);
        balance.add(
                "processes",
                ledger.of(Ledger.Thing.SLAVE) + " started, " + processes.size() + " left" + tail(processes),
                processes.isEmpty());
        balance.add("files", files.size() + " left" + tail(files), files.isEmpty());
    }

    private static boolean isLeft(ProcessHandle process) {
        return !process.equals(ProcessHandle.current()) && process.isAlive();
    }

    private static String tail(List<?> named) {
        if (named.isEmpty()) {
            return "";
        }
        return ": " + named.subList(0, Math.min(MOST_NAMED, named.size())) + (named.size() > MOST_NAMED ? " ..." : "");
    }
}
