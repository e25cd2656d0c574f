// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.task;

/**
 * One wait that begins with spinning, as long as its {@link SpinBudget} allows. It looks at the clock only now and then: a
 * look takes as long as several turns of what is waited for.
 *
 * <p>After a while it yields at each look: the system likes to wake a thread on the processor of who wakes it, and who
 * spins there would keep from running what it waits for.
 *
 * <p><b>Threads:</b> the thread that waits.
 */
public final class Spin {
    private static final int TURNS_PER_LOOK = 8;

    /** How long it spins without giving way. */
    private static final long ALONE_NANOS = 100_000;

    private final SpinBudget budget;
    private final long nanos;
    private int turns;
    private boolean looked;
    private boolean over;
    private long start; // of the clock, once it was looked at

    Spin(SpinBudget budget, long nanos) {
        this.budget = budget;
        this.nanos = nanos;
        if (nanos <= 0) {
            look(); // who sleeps at once is timed from here
        }
    }

    /** Whether to try once more before sleeping. */
    public boolean goesOn() {
        return !over && (++turns % TURNS_PER_LOOK != 0 || look());
    }

    private boolean look() {
        long now = System.nanoTime();
        if (!looked) {
            looked = true;
            start = now;
        }
        over = now - start >= nanos;
        if (!over && (budget.yields() || now - start > ALONE_NANOS && !VirtualThreads.isCurrent())) {
            Thread.yield(); // a virtual thread would be unmounted, perhaps with the role of reading
        }
        return !over;
    }

    /**
     * The wait has ended, and the budget learns from it.
     *
     * @param came whether what was waited for has come
     */
    public void ended(boolean came) {
        if (!came) {
            budget.observed(Long.MAX_VALUE);
        } else {
            budget.observed(over ? System.nanoTime() - start : 0);
        }
    }
}
