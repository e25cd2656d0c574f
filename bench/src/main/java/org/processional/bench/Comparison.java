// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * A row, measured: rounds in which each way has its turn, so that what disturbs the machine disturbs all of them.
 *
 * @param row what was measured
 * @param samples those of each role, in the order of the rounds
 */
record Comparison(Row row, Map<Role, List<Sample>> samples) {
    private static final ToDoubleFunction<Sample> MICROS = Sample::micros;
    private static final ToDoubleFunction<Sample> PER_SECOND = Sample::perSecond;

    /** The head of the table. */
    static final String HEAD = "| row | ours | limit | ratio | floor | ratio | peer | times faster |\n"
            + "|---|---:|---:|---:|---:|---:|---:|---:|";

    /**
     * How long to measure.
     *
     * @param rounds turns that each way has
     * @param roundNanos length of a turn
     * @param warmUpNanos length of the one turn before, which does not count
     */
    record Plan(int rounds, long roundNanos, long warmUpNanos) {}

    /** Opens the ways of a row, measures them, and closes them. */
    static Comparison of(Row row, Plan plan) throws Exception {
        Map<Role, List<Sample>> samples = new EnumMap<>(Role.class);
        Map<Role, Way> ways = row.openAll();
        try {
            for (Way way : ways.values()) {
                Sample.of(way, row.operations(), plan.warmUpNanos());
            }
            for (int round = 0; round < plan.rounds(); round++) {
                for (Map.Entry<Role, Way> way : ways.entrySet()) {
                    samples.computeIfAbsent(way.getKey(), role -> new ArrayList<>())
                            .add(Sample.of(way.getValue(), row.operations(), plan.roundNanos()));
                }
            }
        } finally {
            ways.values().forEach(Way::close);
        }
        return new Comparison(row, samples);
    }

    /** The lines of the table: times, where a step is a single operation, and rates. */
    List<String> lines() {
        String rate = line(row.name() + ", /s", PER_SECOND, true);
        return row.operations() == 1 ? List.of(line(row.name() + ", p50 us", MICROS, false), rate) : List.of(rate);
    }

    private String line(String name, ToDoubleFunction<Sample> figure, boolean moreIsBetter) {
        return "| " + name
                + " | " + cell(figures(Role.OURS, figure))
                + " | " + cell(figures(Role.LIMIT, figure))
                + " | " + cell(ratio(Role.OURS, Role.LIMIT, figure, moreIsBetter))
                + " | " + cell(figures(Role.FLOOR, figure))
                + " | " + cell(ratio(Role.OURS, Role.FLOOR, figure, moreIsBetter))
                + " | " + cell(figures(Role.PEER, figure))
                + " | " + cell(ratio(Role.PEER, Role.OURS, figure, moreIsBetter))
                + " |";
    }

    private static String cell(@Nullable Spread spread) {
        return spread == null ? "-" : spread.toString();
    }

    private @Nullable Spread figures(Role role, ToDoubleFunction<Sample> figure) {
        List<Sample> found = samples.get(role);
        return found == null
                ? null
                : Spread.of(found.stream().mapToDouble(figure).toArray());
    }

    /** How many times one is worse than another, round by round: both had the same load beside them. */
    private @Nullable Spread ratio(Role worse, Role better, ToDoubleFunction<Sample> figure, boolean moreIsBetter) {
        List<Sample> above = samples.get(moreIsBetter ? better : worse);
        List<Sample> below = samples.get(moreIsBetter ? worse : better);
        if (above == null || below == null) {
            return null;
        }
        double[] ratios = new double[above.size()];
        for (int round = 0; round < ratios.length; round++) {
            ratios[round] = figure.applyAsDouble(above.get(round)) / figure.applyAsDouble(below.get(round));
        }
        return Spread.of(ratios);
    }
}
