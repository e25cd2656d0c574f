// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

/**
 * One way of doing what a {@link Row} measures. It is open from its making until {@link #close()}, and must leave the
 * processors alone except between {@link #begin()} and {@link #end()}: other ways are measured meanwhile.
 *
 * <p><b>Threads:</b> one thread uses it.
 */
interface Way extends AutoCloseable {
    /** Makes a way; what it needs (threads, child JVMs) is started. */
    @FunctionalInterface
    interface Maker {
        /**
         * Makes the way.
         *
         * @throws Exception if something it needs does not start; nothing is left behind then
         */
        Way make() throws Exception;
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

    /** Called after a run of steps. */
    default void end() {}

    /** Ends threads and child JVMs, and waits for their end. */
    @Override
    void close();
}
