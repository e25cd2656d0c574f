// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

/**
 * What a thread waits for.
 *
 * <p><b>Threads:</b> from any thread.
 */
@FunctionalInterface
interface Awaited {
    /** Whether it has come. */
    boolean isDone();
}
