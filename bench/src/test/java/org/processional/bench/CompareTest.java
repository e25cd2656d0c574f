// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(90)
final class CompareTest {
    private static final int ROUNDS = 2;
    private static final Comparison.Plan SHORT =
            new Comparison.Plan(ROUNDS, TimeUnit.MILLISECONDS.toNanos(10), TimeUnit.MILLISECONDS.toNanos(10));

    static List<Row> rows() {
        return Row.ALL;
    }

    static List<Row> rowsOfSingleCalls() {
        return Row.ALL.stream().filter(row -> row.operations() == 1).toList();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void everyWayOfEveryRowGivesPositiveFigures(Row row) throws Exception {
        Comparison comparison = Comparison.of(row, SHORT);

        assertThat(comparison.samples()).containsOnlyKeys(Role.values());
        assertThat(comparison.samples().values())
                .allSatisfy(samples -> assertThat(samples).hasSize(ROUNDS).allSatisfy(sample -> {
                    assertThat(sample.micros()).isPositive().isFinite();
                    assertThat(sample.perSecond()).isPositive().isFinite();
                }));
    }

    @ParameterizedTest
    @MethodSource("rowsOfSingleCalls")
    void allWaysComputeTheSame(Row row) throws Exception {
        try (Way floor = row.open(Role.FLOOR);
                Way ours = row.open(Role.OURS);
                Way peer = row.open(Role.PEER)) {
            for (int i = 0; i < 3; i++) {
                long expected = i + ThreadWays.TEXT.length();
                assertThat(floor.step()).isEqualTo(expected);
                assertThat(ours.step()).isEqualTo(expected);
                assertThat(peer.step()).isEqualTo(expected);
            }
        }
    }

    @Test
    void theTableHasTimesAndRatesOfTheRowsThatTheFilterFinds() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
            Compare.run(SHORT, Pattern.compile("^thread.invoke$"), out);
        }

        List<String> table = printed.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("|"))
                .toList();
        assertThat(table).hasSize(4);
        assertThat(table.get(2)).startsWith("| thread.invoke, p50 us | ");
        assertThat(table.get(3)).startsWith("| thread.invoke, /s | ");
        assertThat(table).allSatisfy(line -> assertThat(line.split("\\|")).hasSize(9));
    }

    @Test
    void aFilterThatFindsNothingNamesTheRows() {
        assertThatThrownBy(() -> Compare.run(SHORT, Pattern.compile("nothing"), System.out))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nothing")
                .hasMessageContaining("process.invoke.unix");
    }

    @Test
    void aSpreadIsMedianLowestAndHighest() {
        assertThat(Spread.of(3, 1, 2)).isEqualTo(new Spread(2, 1, 3)).hasToString("2.00 (1.00..3.00)");
        assertThat(Spread.of(4, 2)).isEqualTo(new Spread(3, 2, 4));
        assertThat(Spread.of(1_234_567)).hasToString("1.23M (1.23M..1.23M)");
    }
}
