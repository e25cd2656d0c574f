// SPDX-License-Identifier: Apache-2.0
package org.processional;

/**
 * How a slave thread waits for tasks, and callers for their results.
 *
 * @since 0.1
 */
public enum Waiting {
    /** Spins for a few microseconds, as long as that paid off lately, then parks. Never spins on a single processor. */
    SPIN_THEN_PARK,
    /** Parks at once: the least use of the processor, and a wake-up for every task. */
    PARK,
    /** Spins, and yields to other threads meanwhile: takes a processor for itself, but gives it to who needs it. */
    YIELD,
    /** Spins for ever: the shortest waits, on a processor of its own. */
    SPIN
}
