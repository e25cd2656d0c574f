// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * How far the rows of a JVM are: what it has measured, and which row is next. If the JVM fails, that is the row that
 * failed, and the others can be measured in another JVM.
 *
 * <p><b>Threads:</b> one thread uses it.
 */
final class Group implements ForkJvm.Listener {
    private final List<Row> rows;
    private final Plan plan;
    private final int fork;
    private final Progress progress;
    private final List<Measured> measured = new ArrayList<>();
    private int warm;

    Group(List<Row> rows, Plan plan, int fork, Progress progress) {
        this.rows = List.copyOf(rows);
        this.plan = plan;
        this.fork = fork;
        this.progress = progress;
    }

    /** The JVM is started. */
    void begin() {
        tell();
        progress.done(Plan.FORK_MILLIS);
    }

    @Override
    public void warm(String row) {
        progress.done(plan.warmUpMillis(rows.get(warm)));
        warm++;
        tell();
    }

    @Override
    public void measured(Measured row) {
        Row done = rows.get(measured.size());
        progress.done(plan.grouped() ? plan.roundsMillis(done) : plan.millis(done));
        measured.add(row);
        tell();
    }

    private void tell() {
        if (measured.size() < rows.size()) {
            progress.begins(fork, plan.forks(), next());
        }
    }

    private boolean isWarmingUp() {
        return plan.grouped() && warm < rows.size();
    }

    private int index() {
        return isWarmingUp() ? warm : measured.size();
    }

    /** The row that is next. */
    String next() {
        if (index() >= rows.size()) {
            return "the end of " + rows.get(0).name();
        }
        return rows.get(index()).name() + (isWarmingUp() ? ", warm-up" : "");
    }

    List<Measured> measured() {
        return List.copyOf(measured);
    }

    /** The rows that are not measured, without the one that is next. */
    List<Row> withoutNext() {
        List<Row> rest = new ArrayList<>(rows);
        if (index() < rows.size()) {
            rest.remove(index());
        }
        return rest.subList(Math.min(measured.size(), rest.size()), rest.size());
    }
}
