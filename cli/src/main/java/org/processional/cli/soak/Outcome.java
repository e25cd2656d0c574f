// SPDX-License-Identifier: Apache-2.0
package org.processional.cli.soak;

/**
 * How a task ended.
 *
 * <p><b>Threads:</b> immutable.
 */
enum Outcome {
    RETURNED("returned"),
    THREW("threw as told"),
    CANCELLED("cancelled"),
    INTERRUPTED("interrupted"),
    CLOSED("slave closed"),
    DIED("slave died"),
    LOST("connection lost"),
    REFUSED("refused"),
    OTHER("failed otherwise");

    private final String words;

    Outcome(String words) {
        this.words = words;
    }

    @Override
    public String toString() {
        return words;
    }
}
