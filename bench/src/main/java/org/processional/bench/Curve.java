// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * How the cost of a call grows with something.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param name such as {@code growth.clients.shm}
 * @param what that something, such as {@code clients}
 * @param sizes how much of it, ascending
 * @param perUnit whether the cost grows by the same for each more of it; else it should stay what it is
 * @param maker opens what is measured
 */
record Curve(String name, String what, List<Long> sizes, boolean perUnit, Maker maker) {
    /** Takes a copy. */
    Curve {
        sizes = List.copyOf(sizes);
    }

    /** Opens what is measured. */
    @FunctionalInterface
    interface Maker {
        /** Opens it. */
        Growing open() throws Exception;
    }

    /**
     * What is measured, and grows.
     *
     * <p><b>Threads:</b> one thread uses it.
     */
    interface Growing extends AutoCloseable {
        /**
         * Grows.
         *
         * @param size never less than before
         * @return does the call; it is closed with this
         */
        Way growTo(long size) throws Exception;

        /** How many calls a step of the way is at a size. */
        default int operations(long size) {
            return 1;
        }

        @Override
        void close();
    }

    /**
     * The cost at a size.
     *
     * @param size how much there was
     * @param micros the median time of a call, in µs
     * @param p99 the time that 99 of 100 kept within
     */
    record Point(long size, double micros, double p99) {}

    /** A point, and what it would be on the straight line. */
    record OnLine(Point point, double line) {
        /** How many times worse it is. */
        double timesLine() {
            return point.micros() / line;
        }
    }

    /**
     * Beside each point the line. Where the cost should stay, that is the best cost with less. Else it is the cost of the
     * smallest, and for each unit more what a unit costs where it is cheapest.
     */
    List<OnLine> onLine(List<Point> points) {
        List<OnLine> lined = new ArrayList<>();
        double best = Double.MAX_VALUE;
        double unit = points.stream()
                .mapToDouble(point -> point.micros() / point.size())
                .min()
                .orElse(0);
        for (Point point : points) {
            Point first = points.get(0);
            best = Math.min(best, point.micros());
            lined.add(new OnLine(point, perUnit ? first.micros() + unit * (point.size() - first.size()) : best));
        }
        return Collections.unmodifiableList(lined);
    }
}
