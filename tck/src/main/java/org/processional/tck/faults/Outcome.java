// SPDX-License-Identifier: Apache-2.0
package org.processional.tck.faults;

/** What became of a task. */
enum Outcome {
    /** It ran once, and gave its result or its intended failure. */
    DONE,
    /** It was cancelled: it ran once or not at all. */
    CANCELLED,
    /** It was interrupted: it ran once or not at all. */
    INTERRUPTED,
    /** Its connection was lost: it ran once or not at all. */
    LOST,
    /** It was not sent: it did not run. */
    REFUSED
}
