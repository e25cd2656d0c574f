// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.task;

import org.processional.Waiting;

/**
 * How long it is worth to spin, from what was observed lately: an answer that usually comes within the cost of a
 * wake-up is worth spinning for, another is not.
 *
 * <p>A wake-up of a parked thread costs 25 to 120 microseconds on two processors of a virtual machine. The budget falls when spinning was in
 * vain, and a rare longer spin notices when answers have become quick again.
 *
 * <p><b>Threads:</b> from any thread; races between them lose an observation at most.
 */
public final class SpinBudget {
    private static final boolean SEVERAL_PROCESSORS = Runtime.getRuntime().availableProcessors() > 1;

    /**
     * The longest spin, and the longest wait that is worth one: the wake-ups of two parties that both park. With less,
     * two that have begun to park would measure their own wake-ups, and never spin again.
     */
    private static final long LONGEST_NANOS = 200_000;

    /** The longest spin of a virtual thread, which keeps its carrier from others meanwhile. */
    public static final long LONGEST_VIRTUAL_NANOS = 50_000;

    /** Spins in vain until the budget is gone. */
    private static final int PATIENCE = 8;

    /** A waiter without budget tries a few times in this many. */
    private static final int PROBE_EVERY = 32;

    private static final int PROBES = 2;

    /**
     * How long such a try is: the other end may park as well, and has to be woken. If it were shorter, two ends that have
     * begun to park would never find out that they are quick.
     */
    private static final long PROBE_NANOS = 500_000;

    private static final SpinBudget SLEEPER = new SpinBudget(Waiting.PARK);

    private final Waiting waiting;
    private int misses; // racy on purpose, as the next: an observation may be lost
    private long lastEnd = System.nanoTime(); // of a wait, or a little before it

    /** A budget for a way of waiting. */
    public SpinBudget(Waiting waiting) {
        this.waiting = waiting;
    }

    /** Begins a wait. */
    public Spin begin() {
        return begin(Long.MAX_VALUE);
    }

    /**
     * Begins a wait.
     *
     * @param limitNanos how long to spin at most
     */
    public Spin begin(long limitNanos) {
        return new Spin(this, Math.min(nanos(), limitNanos));
    }

    /** Whether who waits spins for as long as it takes. */
    public boolean isEndless() {
        return waiting == Waiting.SPIN || waiting == Waiting.YIELD;
    }

    /** How long to spin at most before something else is looked at, where that takes as long as it takes. */
    public long firstNanos(long limitNanos) {
        return isEndless() ? Math.min(limitNanos, LONGEST_NANOS) : limitNanos;
    }

    /** Begins a wait without spinning, which teaches nothing. */
    public static Spin none() {
        return new Spin(SLEEPER, 0);
    }

    /** Whether a spinning thread lets others have the processor meanwhile. */
    boolean yields() {
        return waiting == Waiting.YIELD;
    }

    /** Whether the last wait ended so long ago that the other end sleeps by now. */
    boolean wasQuiet(long now) {
        return waiting == Waiting.SPIN_THEN_PARK && now - lastEnd > LONGEST_NANOS;
    }

    /** Nanoseconds to spin now; 0 to park at once. */
    long nanos() {
        return switch (waiting) {
            case PARK -> 0;
            case SPIN, YIELD -> Long.MAX_VALUE;
            case SPIN_THEN_PARK -> SEVERAL_PROCESSORS ? worthwhileNanos() : 0;
        };
    }

    private long worthwhileNanos() {
        int now = misses;
        if (now < PATIENCE) {
            return LONGEST_NANOS;
        }
        return now % PROBE_EVERY < PROBES ? PROBE_NANOS : 0;
    }

    /**
     * Tells how long a wait was, whether or not there was a budget for it: a budget comes back by that alone.
     *
     * @param waitedNanos from the beginning of the wait to its end; {@link Long#MAX_VALUE} where it ended in vain
     * @param end when it ended, of {@link System#nanoTime()}
     */
    void observed(long waitedNanos, long end) {
        if (waiting != Waiting.SPIN_THEN_PARK) {
            return; // the others do not learn, and who parks at once shares one of them
        }
        if (end - lastEnd > LONGEST_NANOS / 8) { // seldom: what lies beside it is read for each task
            lastEnd = end;
        }
        int now = misses;
        if (waitedNanos < LONGEST_NANOS) {
            if (now != 0) {
                misses = Math.min(now >> 1, PATIENCE / 2); // one probe that hit brings some of the budget back
            }
        } else {
            misses = now >= PATIENCE * PROBE_EVERY ? PATIENCE : now + 1;
        }
    }
}
