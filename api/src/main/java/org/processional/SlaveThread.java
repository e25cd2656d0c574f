// SPDX-License-Identifier: Apache-2.0
package org.processional;

/**
 * One thread of this JVM that runs many tasks: a thread of its own, a thread that was adopted
 * ({@link Processional#adoptThread()}), or an event loop ({@link Processional#adoptLoop}).
 *
 * <p><b>Threads:</b> everything from any thread, but for {@link #step()} and {@link #loop()}.
 *
 * @since 0.1
 */
public non-sealed interface SlaveThread extends Slave {
    /**
     * Runs what is queued now, on an adopted thread.
     *
     * @return the number of tasks that were run
     * @throws IllegalStateException if the caller is not the adopted thread
     */
    int step();

    /**
     * Runs tasks on an adopted thread until the slave is closed. An interrupt of the thread ends the task that runs,
     * or nothing.
     *
     * @throws IllegalStateException if the caller is not the adopted thread
     */
    void loop();

    /**
     * Ends the slave without finishing: what has not begun fails with {@link SlaveClosedException}, what runs is
     * interrupted. Does not wait.
     */
    void abort();

    /** Whether the calling thread is the slave's own, where {@code invoke} runs in place. */
    boolean isCurrent();
}
