// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
final class CompareTest {
    private static final Plan SHORT = plan(1);

    private static final boolean FULL = Integer.getInteger("processional.rounds.percent", 10) == 100;

    /** What differs from other rows by the name of the transport alone: run under {@code -Pfull}. */
    private static final Pattern OFTEN_ENOUGH = Pattern.compile(
            "^(proxy|callback|echo|shared|wrap|spawn).*\\.tcp$|^spawn\\.shm$|^process.schedule.(shm|tcp).3-producers|^virtual.invoke.(shm|tcp)|tcp\\.after-idle\\.10");

    private static final Pair pair = new Pair(); // what is started for one test serves the others

    @AfterAll
    static void close() {
        pair.close();
    }

    private static Plan plan(int forks) {
        return new Plan(forks, 2, TimeUnit.MILLISECONDS.toNanos(4), TimeUnit.MILLISECONDS.toNanos(4), true, Role.OTHER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"thread", "shm", "unix", "tcp", "spawn", "codec", "idle"})
    void everyRowOfAGroupGivesSaneFigures(String group) throws Exception {
        Plan once = new Plan(1, 1, SHORT.roundNanos(), 0, true, Role.OTHER);
        for (Row row : Rows.ALL) {
            if (row.group().equals(group)
                    && (FULL || !OFTEN_ENOUGH.matcher(row.name()).find())) {
                Measured measured = Fork.measure(pair, row, once);
                assertThat(measured.missing()).as(row.name()).isEmpty();
                assertThat(measured.samples().keySet())
                        .containsExactlyElementsOf(
                                once.entrants(row).stream().map(Entrant::name).toList());
                assertThat(measured.samples().values()).as(row.name()).allSatisfy(CompareTest::isSane);
            }
        }
    }

    private static void isSane(Sample sample) {
        assertThat(sample.steps()).isPositive();
        assertThat(sample.micros()).isPositive().isLessThan(30e6).isLessThanOrEqualTo(sample.p99());
        assertThat(sample.p99()).isLessThanOrEqualTo(sample.p999());
        assertThat(sample.perSecond()).isPositive().isFinite();
        if (!Double.isNaN(sample.allocated())) { // else other threads do the steps
            assertThat(sample.allocated()).isNotNegative().isFinite();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"thread.invoke", "process.invoke.shm", "process.invoke.unix", "proxy.call.unix", "callback.unix"
            })
    void allWaysComputeTheSame(String name) throws Exception {
        Row row = Rows.of(name);
        for (Role role : List.of(Role.FLOOR, Role.OURS, Role.PEER)) {
            try (Way way = row.entrant(role).orElseThrow().maker().make(pair)) {
                for (int i = 0; i < 3; i++) {
                    assertThat(way.step()).as("%s, call %d", role, i).isEqualTo(i + ThreadWays.TEXT.length());
                }
            }
        }
    }

    @Test
    void aRunPrintsATableAndWritesJsonAndPlots(@TempDir Path directory) throws Exception {
        Path json = directory.resolve("out.json");
        Path plots = directory.resolve("plots");
        List<Row> rows = Compare.rows(Pattern.compile("^thread\\.(invoke|schedule)$"));
        Compare.Options options = Compare.Options.of("--json", json.toString(), "--plot", plots.toString());
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        ByteArrayOutputStream progress = new ByteArrayOutputStream();

        try (PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
                PrintStream errors = new PrintStream(progress, true, StandardCharsets.UTF_8)) {
            assertThat(Compare.run(rows, plan(2), TimeUnit.MINUTES.toNanos(2), options, out, errors))
                    .isEqualTo(Compare.DONE);
        }

        List<String> lines = printed.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines)
                .anySatisfy(
                        line -> assertThat(line).startsWith("| thread.invoke ").contains(" us "));
        assertThat(lines)
                .anySatisfy(line ->
                        assertThat(line).startsWith("| thread.schedule ").contains(" /s "));
        assertThat(lines).noneSatisfy(line -> assertThat(line).startsWith("| process."));
        assertThat(progress.toString(StandardCharsets.UTF_8)).contains(" left: fork 1 of 2, thread.invoke");
        JsonArray array = JsonParser.parseString(Files.readString(json)).getAsJsonArray();
        assertThat(array).hasSize(2).allSatisfy(row -> hasTheFields(row.getAsJsonObject()));
        assertThat(array.get(0).getAsJsonObject().get("forks").getAsInt()).isEqualTo(2);
        for (String plot : List.of("times", "rates", "percentiles", "ratios")) {
            assertThat(plots.resolve(plot + ".svg")).content().contains("<svg");
            assertThat(Files.readAllBytes(plots.resolve(plot + ".png"))).startsWith(0x89, 'P', 'N', 'G');
        }
    }

    private static void hasTheFields(JsonObject row) {
        assertThat(row.get("name").getAsString()).startsWith("thread.");
        assertThat(row.get("unit").getAsString()).isIn("us", "/s");
        for (String field : List.of(
                "p50",
                "p99",
                "p999",
                "rate",
                "limit",
                "ratioToLimit",
                "floor",
                "ratioToFloor",
                "peer",
                "timesFasterThanPeer")) {
            assertThat(row.get(field).getAsDouble()).as(field).isPositive();
        }
    }

    @Test
    void allCodecsCopyTheSame() throws Exception {
        for (Row row : Rows.ALL) {
            if (row.group().equals(Row.CODEC)) {
                List<Long> sums = new ArrayList<>();
                for (Entrant entrant : row.entrants()) {
                    try (Way way = entrant.maker().make(pair)) {
                        sums.add(way.step());
                    }
                }
                assertThat(sums).as(row.name()).hasSize(4).containsOnly(sums.get(0));
            }
        }
    }

    @Test
    void whatTheThreadAllocatesIsCounted() throws Exception {
        List<byte[]> kept = new ArrayList<>();
        Row row = new Row(
                "row",
                "spawn",
                Row.Figure.TIME,
                10,
                0,
                List.of(Entrant.ours(unused -> new CopyTwice(8)))); // no lead-in
        Way way = new Way() {
            @Override
            public long step() {
                for (int i = 0; i < row.operations(); i++) {
                    kept.add(new byte[1000]);
                }
                byte[] last = kept.get(kept.size() - 1);
                kept.clear();
                return last.length;
            }

            @Override
            public void close() {}
        };

        Sample.of(way, row, TimeUnit.MILLISECONDS.toNanos(20)); // what is made once
        Sample sample = Sample.of(way, row, TimeUnit.MILLISECONDS.toNanos(20));

        assertThat(sample.allocated()).isBetween(1000.0, 1200.0);
    }

    @Test
    void ratiosAreTakenWithinAForkBeforeTheirMedian() {
        Row row = Rows.of("thread.invoke");
        Comparison comparison =
                new Comparison(row, List.of(fork(row, 2, 1, 20), fork(row, 9, 3, 18), fork(row, 4, 1, 4)));

        assertThat(comparison.figure(Role.OURS)).contains(new Spread(4, 2, 9));
        assertThat(comparison.oursTo(Role.LIMIT)).contains(new Spread(3, 2, 4));
        JsonObject json = Json.of(List.of(comparison)).get(0).getAsJsonObject();
        assertThat(json.get("ratioToLimit").getAsDouble()).isEqualTo(3, within(1e-9));
        assertThat(json.get("ratioToLimitHighest").getAsDouble()).isEqualTo(4, within(1e-9));
        assertThat(json.get("timesFasterThanPeer").getAsDouble()).isEqualTo(2, within(1e-9));
        assertThat(json.get("floor").isJsonNull()).isTrue();
        assertThat(json.get("allocated").getAsDouble()).isEqualTo(48, within(1e-9));
        assertThat(json.get("ratioToFloor").isJsonNull()).isTrue();
    }

    @Test
    void rowsOfWhichForksAreMissingAreNamed() {
        List<Row> rows = List.of(Rows.of("thread.invoke"), Rows.THREAD_SCHEDULE);
        Measured one = fork(rows.get(0), 2, 1, 20);

        assertThat(Compare.incomplete(rows, Comparison.of(rows, List.of(one, one)), 2))
                .containsExactly("only 0 of 2 forks: thread.schedule");
        assertThat(Compare.incomplete(rows, List.of(), 2)).containsExactly("only 0 of 2 forks: all rows");
    }

    @Test
    void ofRatesMoreIsBetter() {
        Row row = Rows.THREAD_SCHEDULE;
        Comparison comparison = new Comparison(row, List.of(fork(row, 2, 1, 4)));

        assertThat(comparison.oursTo(Role.LIMIT)).contains(Spread.of(2));
        assertThat(comparison.timesFasterThan(row.entrant(Role.PEER))).contains(Spread.of(2));
    }

    private static Measured fork(Row row, double ours, double limit, double peer) {
        return new Measured(
                row.name(),
                Map.of(
                        Entrant.OURS,
                        sample(ours),
                        row.entrant(Role.LIMIT).orElseThrow().name(),
                        sample(limit),
                        row.entrant(Role.PEER).orElseThrow().name(),
                        sample(peer)),
                Map.of());
    }

    private static Sample sample(double micros) {
        return new Sample(micros, 2 * micros, 3 * micros, 1e6 / micros, 100, 48);
    }

    @Test
    void aPeerThatFailsIsMissingAndTheRowIsNot() throws Exception {
        Row row =
                Row.times("row", "thread", Entrant.ours(unused -> new CopyTwice(8)), Entrant.peer("broken", unused -> {
                    throw new UnsupportedOperationException("not on this machine");
                }));

        Measured measured = Fork.measure(pair, row, SHORT);

        assertThat(measured.samples()).containsOnlyKeys(Entrant.OURS);
        assertThat(measured.missing().get("broken")).contains("not on this machine");
    }

    @Test
    void aFilterThatFindsNothingNamesTheRows() {
        assertThatThrownBy(() -> Compare.rows(Pattern.compile("nothing")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nothing")
                .hasMessageContaining("process.invoke.unix");
        assertThat(Compare.rows(Pattern.compile("^callback")).stream().map(Row::name))
                .containsExactly("callback.shm", "callback.unix", "callback.tcp");
    }

    @Test
    void whatIsNoOptionIsRefused() {
        assertThatThrownBy(() -> Compare.Options.of("--slow")).hasMessageContaining("--slow");
        assertThatThrownBy(() -> Compare.Options.of("--json")).hasMessageContaining("needs a value");
        assertThatThrownBy(() -> Compare.Options.of("--filter", "(")).hasMessageContaining("--filter");
    }

    @Test
    void theQuickPlanIsWithinThreeMinutes() {
        Plan quick = Plan.quick(false, Rows.ALL);

        assertThat(quick.millis(Rows.ALL))
                .isLessThan(TimeUnit.SECONDS.toMillis(140)); // a machine is slower than a plan
        assertThat(quick.warmUpNanos()).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(200));
        List<Row> few = Compare.rows(Pattern.compile("^thread"));
        assertThat(Plan.quick(false, few).warmUpNanos()).isEqualTo(TimeUnit.SECONDS.toNanos(3));
    }

    @Test
    void aGroupWhoseJvmFailsGoesOnBehindTheRowThatFailed() {
        List<Row> rows = Compare.rows(Pattern.compile("^callback"));
        Progress silent = new Progress(new PrintStream(OutputStream.nullOutputStream()), false, 1, 1);
        Group group = new Group(rows, SHORT, 1, silent);
        rows.forEach(row -> group.warm(row.name()));
        group.measured(fork(rows.get(0), 1, 1, 1));

        assertThat(group.next()).isEqualTo("callback.unix");
        assertThat(group.withoutNext()).containsExactly(rows.get(2));

        Group cold = new Group(rows, SHORT, 1, silent);
        cold.warm(rows.get(0).name());

        assertThat(cold.next()).isEqualTo("callback.unix, warm-up");
        assertThat(cold.withoutNext()).containsExactly(rows.get(0), rows.get(2));
    }

    @Test
    void whatMissesItsMustOrItsAimIsTold() {
        Row row = Rows.of("thread.invoke"); // at most 6 times the limit, aim 3; 50 times faster than the peer
        Comparison good = new Comparison(row, List.of(fork(row, 2, 1, 200)));
        Comparison fair = new Comparison(row, List.of(fork(row, 5, 1, 250)));
        Comparison bad = new Comparison(row, List.of(fork(row, 7, 1, 700)));
        Comparison unknown =
                new Comparison(row, List.of(new Measured(row.name(), Map.of(Entrant.OURS, sample(1)), Map.of())));

        assertThat(told(good)).containsExactly("every row meets its must and its aim");
        assertThat(told(fair))
                .containsExactly("misses aim: thread.invoke: 5.00 x limit, must be at most 6.00, aim 3.00");
        assertThat(told(bad))
                .containsExactly("misses must: thread.invoke: 7.00 x limit, must be at most 6.00, aim 3.00");
        assertThat(told(unknown)).hasSize(2).allSatisfy(line -> assertThat(line).startsWith("not known: "));
        assertThat(Stream.of(good, fair, bad, unknown).map(Targets::met))
                .containsExactly(Optional.of(true), Optional.of(true), Optional.of(false), Optional.empty());
        JsonObject json = Json.of(List.of(bad)).get(0).getAsJsonObject();
        assertThat(json.get("met").getAsBoolean()).isFalse();
        JsonObject limit = json.get("must").getAsJsonArray().get(0).getAsJsonObject();
        assertThat(limit.get("must").getAsDouble()).isEqualTo(6);
        assertThat(limit.get("figure").getAsDouble()).isEqualTo(7);
        assertThat(limit.get("met").getAsBoolean()).isFalse();
    }

    private static List<String> told(Comparison row) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Targets.print(List.of(row), new PrintStream(bytes, true, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void aSpreadIsMedianLowestAndHighest() {
        assertThat(Spread.of(3, 1, 2)).isEqualTo(new Spread(2, 1, 3)).hasToString("2.00 (1.00..3.00)");
        assertThat(Spread.of(4, 2)).isEqualTo(new Spread(3, 2, 4));
        assertThat(Spread.of(1_234_567)).hasToString("1.23M (1.23M..1.23M)");
    }
}
