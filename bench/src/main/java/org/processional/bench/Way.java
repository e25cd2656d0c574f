// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * One way of doing what a {@link Row} measures. It is open from its making until {@link #close()}, and must leave the
 * processors alone except between {@link #begin()} and {@link #end()}: other ways are measured meanwhile.
 *
 * <p><b>Threads:</b> one thread uses it.
 */
interface Way extends AutoCloseable {
    /** The longest time that is told from others; what took longer counts as this. */
    long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** Digits of a recorded time that are right. */
    int DIGITS = 3;

    /** Makes a way; what it needs (threads, child JVMs) is started. */
    @FunctionalInterface
    interface Maker {
        /**
         * Makes the way.
         *
         * @param pair has the JVMs that several ways share
         * @throws Exception if something it needs does not start; nothing is left behind then
         */
        Way make(Pair pair) throws Exception;
    }

    /** Called before a run of steps. */
    default void begin() {}

    /**
     * Does it once: one call, or one batch.
     *
     * @return something that depends on all that was done
     * @throws Exception if it failed, which ends the measurement
     */
    long step() throws Exception;

    /**
     * Does it for a while, at least once. Without pauses a step is timed from the end of the one before, so what the clock
     * and the loop take (some 30 to 50 ns) is in each time; see {@link Recording}.
     *
     * @param nanos how long, pauses included
     * @param pauseMillis how long to sleep before each step; that is not in its time
     * @param times takes the time of each step, in ns
     * @throws Exception if it failed
     */
    default void run(long nanos, long pauseMillis, Histogram times) throws Exception {
        run(this::step, nanos, pauseMillis, times);
    }

    /** Called after a run of steps. */
    default void end() {}

    /** Whether the thread that runs it does the steps, so that what it allocates is what they do. */
    default boolean allocatesHere() {
        return true;
    }

    /** Whether its times are taken from step to step, so that the clock and the loop are in each. */
    default boolean isTimedByStep() {
        return true;
    }

    /** Ends what it started, and waits for its end. */
    @Override
    void close();

    /** What is done once. */
    @FunctionalInterface
    interface Step {
        /** Does it. */
        long step() throws Exception;
    }

    /** Does something for a while, see {@link #run(long, long, Histogram)}. */
    static void run(Step step, long nanos, long pauseMillis, Histogram times) throws Exception {
        long begin = System.nanoTime();
        long last = begin;
        long now;
        do {
            if (pauseMillis > 0) {
                Thread.sleep(pauseMillis);
                last = System.nanoTime();
            }
            step.step();
            now = System.nanoTime();
            times.recordValue(Math.min(now - last, LONGEST_NANOS));
            last = now;
        } while (now - begin < nanos);
    }

    /** An empty record of times. */
    static Histogram times() {
        return new Histogram(LONGEST_NANOS, DIGITS);
    }
}
