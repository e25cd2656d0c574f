// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.util.Locale;
import java.util.Optional;

/**
 * What a row must reach, and what it aims at.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param what which figure
 * @param must the worst that is good enough; NaN where there is only an aim
 * @param aim where we want to be; NaN where there is none
 */
record Target(What what, double must, double aim) {
    /** No must, or no aim. */
    static final double NONE = Double.NaN;

    /** Which figure of a row. */
    enum What {
        /** How many times worse than the limit. */
        TO_LIMIT("x limit", false),
        /** How many times worse than the floor. */
        TO_FLOOR("x floor", false),
        /** How many times better than the peer. */
        FASTER("times faster", true),
        /** Ours, in µs. */
        MICROS("us", false),
        /** Ours, in operations per second. */
        RATE("/s", true),
        /** How much longer than the limit takes, in µs. */
        OVER_LIMIT("us over the limit", false);

        private final String unit;
        private final boolean moreIsBetter;

        What(String unit, boolean moreIsBetter) {
            this.unit = unit;
            this.moreIsBetter = moreIsBetter;
        }

        String unit() {
            return unit;
        }

        /** The figure; empty if what it needs was not measured. */
        Optional<Double> of(Comparison row) {
            return switch (this) {
                case TO_LIMIT -> row.oursTo(Role.LIMIT).map(Spread::median);
                case TO_FLOOR -> row.oursTo(Role.FLOOR).map(Spread::median);
                case FASTER -> row.timesFasterThan(row.row().entrant(Role.PEER)).map(Spread::median);
                case MICROS, RATE -> row.figure(Role.OURS).map(Spread::median);
                case OVER_LIMIT ->
                    row.figure(Role.OURS)
                            .flatMap(ours -> row.figure(Role.LIMIT).map(limit -> ours.median() - limit.median()));
            };
        }
    }

    static Target toLimit(double must, double aim) {
        return new Target(What.TO_LIMIT, must, aim);
    }

    static Target toFloor(double must, double aim) {
        return new Target(What.TO_FLOOR, must, aim);
    }

    static Target faster(double must, double aim) {
        return new Target(What.FASTER, must, aim);
    }

    static Target micros(double must, double aim) {
        return new Target(What.MICROS, must, aim);
    }

    static Target rate(double must, double aim) {
        return new Target(What.RATE, must, aim);
    }

    static Target overLimit(double mustMicros, double aimMicros) {
        return new Target(What.OVER_LIMIT, mustMicros, aimMicros);
    }

    /** Whether a figure is good enough; where nothing is asked, it is. */
    boolean isMet(double figure) {
        return meets(figure, must);
    }

    /** Whether a figure is what we aim at; where there is no aim, what is good enough. */
    boolean isAimMet(double figure) {
        return isMet(figure) && meets(figure, aim);
    }

    private boolean meets(double figure, double bound) {
        return Double.isNaN(bound) || (what.moreIsBetter ? figure >= bound : figure <= bound);
    }

    /** Such as {@code 1.61 x floor, must be at most 1.30, aim 1.10}. */
    String describe(double figure) {
        String most = what.moreIsBetter ? "at least " : "at most ";
        String asked = Double.isNaN(must) ? "" : ", must be " + most + Spread.format(must);
        String wished = Double.isNaN(aim) ? "" : ", aim " + (asked.isEmpty() ? most : "") + Spread.format(aim);
        return String.format(Locale.ROOT, "%s %s%s%s", Spread.format(figure), what.unit(), asked, wished);
    }
}
