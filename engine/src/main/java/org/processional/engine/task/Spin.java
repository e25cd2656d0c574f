// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.task;

/**
 * One wait that begins with spinning, as long as its {@link SpinBudget} allows. It looks at the clock only now and then: a
 * look takes as long as several turns of what is waited for.
 *
 * <p>The system likes to wake a thread on the processor of who wakes it, and who spins there would keep from running what
 * it waits for. So a wait yields at each look after a while, and at once where nothing was waited for lately: who is to
 * answer sleeps then, and was just woken.
 *
 * <p><b>Threads:</b> the thread that waits.
 */
public final class Spin {
    private static final int TURNS_PER_LOOK = 8;

    /** How long it spins without giving way. */
    private static final long ALONE_NANOS = 100_000;

    private final SpinBudget budget;
    private final long nanos;
    private final long start;
    private int turns;
    private boolean givesWay; // at the next look
    private boolean over;
    private long looked; // at the clock

    Spin(SpinBudget budget, long nanos) {
        this.budget = budget;
        this.nanos = nanos;
        start = System.nanoTime();
        looked = start;
        over = nanos <= 0;
        givesWay = budget.wasQuiet(start);
        turns = givesWay ? -1 : 0; // the first turn is a look
    }

    /** Whether to try once more before sleeping. */
    public boolean goesOn() {
        return !over && (++turns % TURNS_PER_LOOK != 0 || look());
    }

    private boolean look() {
        looked = System.nanoTime();
        over = looked - start >= nanos;
        boolean gives = givesWay || looked - start > ALONE_NANOS;
        if (!over && (budget.yields() || gives && !VirtualThreads.isCurrent())) {
            Thread.yield(); // a virtual thread would be unmounted, perhaps with the role of reading
        }
        givesWay = false;
        return !over;
    }

    /**
     * The wait has ended, and the budget learns from it.
     *
     * @param came whether what was waited for has come
     */
    public void ended(boolean came) {
        long end = over ? System.nanoTime() : looked;
        budget.observed(!came ? Long.MAX_VALUE : over ? end - start : 0, end);
    }
}
