// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

/**
 * What a process has to do for others.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param clients number of those who are connected, without visitors
 * @param running functions that run
 * @param queued functions that wait for the main thread
 */
record Load(int clients, int running, int queued) {
    /** Of who serves nobody. */
    static final Load NONE = new Load(0, 0, 0);
}
