// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

/**
 * Kills the process at the other end of a connection: the last rung of cancelling, for who started it.
 *
 * <p><b>Threads:</b> from any thread; may wait a little.
 */
@FunctionalInterface
public interface Killer {
    /**
     * Kills the process, unless it has ended.
     *
     * @param task the task because of which, in words; what else it ran fails with that
     * @param why what is wrong with the task, as the end of a sentence
     */
    void kill(String task, String why);
}
