// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.processional.engine.EngineTime;

/**
 * Whether the other end of a connection gives signs of life while something is awaited of it. One that is quiet is asked
 * first whether it is there, which whoever reads there answers, whatever its tasks do. Who does not answer is reported, once,
 * and once more when it is back.
 *
 * <p><b>Threads:</b> the thread of {@link Watch} alone.
 */
final class Silence {
    /** How long nothing is to be heard until the other end is asked. */
    private static final long QUIET_NANOS = 2_000_000_000;

    /** A host that is gone is told from a process that says nothing after this many times the time until a report. */
    private static final int REPORTS_TO_HOST = 6;

    /** What is watched. */
    interface Subject {
        /** Whether something is awaited of it. */
        boolean owes();

        /** A number that changes with each sign of life. */
        long signs();

        /** Asks it for a sign of life. */
        void ask();

        /** Whether the system knows that nobody is there, where it can tell that from somebody who says nothing. */
        boolean isHostLost();

        /** It has been silent for so long that it is to be reported. */
        void silent(Duration time);

        /** It has given a sign of life after that. */
        void back(Duration silent);

        /** It has been silent for longer than allowed, or its host is gone. */
        void over(Duration time, boolean hostLost);
    }

    private final Subject subject;
    private final long reportNanos;
    private final long limitNanos;
    private long signs = Long.MIN_VALUE;
    private long lastNanos; // when a sign of life was seen last
    private boolean asked; // since then
    private boolean reported; // since then
    private boolean over;

    /**
     * Begins to look.
     *
     * @param report how long it may be silent until it is reported
     * @param limit how long it may be silent at all; null for ever
     */
    Silence(Subject subject, Duration report, @Nullable Duration limit) {
        this.subject = subject;
        this.reportNanos = report.toNanos();
        this.limitNanos = limit == null ? Long.MAX_VALUE : limit.toNanos();
    }

    /** Whether it is to be seen sooner than after a time. */
    boolean isShorterThan(long nanos) {
        return Math.min(reportNanos, limitNanos) < nanos;
    }

    /**
     * Looks whether there were signs of life.
     *
     * @param now a time of {@link EngineTime#nanos()}
     * @param wasAway whether this process itself was stopped since the last look, and so heard nothing
     */
    void look(long now, boolean wasAway) {
        long seen = subject.signs();
        boolean owes = subject.owes();
        if (seen != signs || !owes || wasAway) {
            if (reported && (seen != signs || !owes)) {
                reported = false;
                subject.back(Duration.ofNanos(now - lastNanos));
            }
            signs = seen;
            lastNanos = now;
            asked = false;
            return;
        }
        long quiet = now - lastNanos;
        if (!asked && quiet >= Math.min(QUIET_NANOS, Math.min(reportNanos, limitNanos) / 2)) {
            asked = true;
            subject.ask();
        }
        if (asked && !reported && quiet >= reportNanos) {
            reported = true;
            subject.silent(Duration.ofNanos(quiet));
        }
        boolean hostLost = quiet / REPORTS_TO_HOST >= reportNanos && subject.isHostLost();
        if (asked && !over && (hostLost || quiet >= limitNanos)) {
            over = true;
            subject.over(Duration.ofNanos(quiet), hostLost);
        }
    }
}
