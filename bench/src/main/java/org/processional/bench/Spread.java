// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.util.Arrays;
import java.util.Locale;

/** The median of some figures, with the lowest and the highest. */
record Spread(double median, double lowest, double highest) {
    private static final double THOUSAND = 1_000;
    private static final double MILLION = 1_000_000;

    static Spread of(double... figures) {
        if (figures.length == 0) {
            throw new IllegalArgumentException("no figures");
        }
        double[] sorted = figures.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[sorted.length - 1]);
    }

    /** Such as {@code 0.25 (0.24..1.02)}. */
    @Override
    public String toString() {
        return format(median) + " (" + format(lowest) + ".." + format(highest) + ")";
    }

    /** A figure in a few digits, such as {@code 1.25M}. */
    static String format(double figure) {
        if (figure >= MILLION) {
            return digits(figure / MILLION) + "M";
        }
        return figure >= THOUSAND ? digits(figure / THOUSAND) + "k" : digits(figure);
    }

    private static String digits(double figure) {
        return String.format(Locale.ROOT, figure >= 100 ? "%.0f" : figure >= 10 ? "%.1f" : "%.2f", figure);
    }
}
