// SPDX-License-Identifier: Apache-2.0
package org.processional.cli;

import org.jspecify.annotations.Nullable;

/**
 * What one look at the machine found.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param name what was looked at
 * @param level how it is
 * @param words what was found, and what is lost by it
 * @param cure what to do; null where nothing need be done
 */
record Finding(
        String name, Level level, String words, @Nullable String cure) {
    /** How something is. */
    enum Level {
        /** As it should be. */
        OK,
        /** Something optional is not there; what is promised by default holds. */
        NOTE,
        /** Something that is promised does not hold here. */
        LOST
    }

    static Finding ok(String name, String words) {
        return new Finding(name, Level.OK, words, null);
    }

    static Finding note(String name, String words, String cure) {
        return new Finding(name, Level.NOTE, words, cure);
    }

    static Finding lost(String name, String words, String cure) {
        return new Finding(name, Level.LOST, words, cure);
    }
}
