// SPDX-License-Identifier: Apache-2.0
package org.processional;

/**
 * A region of code in which interrupts are held back, opened by {@link Processional#uninterruptible()}.
 *
 * <p>An interrupt that comes in the meantime is not lost: it is delivered when the outermost region of the thread ends.
 * Held back are interrupts through a {@link Task} on every thread, and on the threads that Processional made also
 * those by {@link Thread#interrupt()}. On an adopted or foreign thread, {@code Thread.interrupt()} cannot be held back.
 *
 * <p><b>Threads:</b> closed by the thread that opened it; regions nest.
 *
 * @since 0.1
 */
public interface Uninterruptible extends AutoCloseable {
    /** Ends the region, and delivers an interrupt that came in the meantime if it was the outermost one. */
    @Override
    void close();
}
