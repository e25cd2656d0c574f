// SPDX-License-Identifier: Apache-2.0
package org.processional;

import java.io.ObjectInputFilter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Checks that the option records share. */
final class Options {
    private Options() {}

    static void positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " is " + value + "; give a time above zero");
        }
    }

    /** Checks the pattern of a filter. */
    static void filter(@Nullable String pattern) {
        if (pattern == null) {
            return;
        }
        if (pattern.isBlank()) {
            throw new IllegalArgumentException("filter is empty; leave it out, or write for example org.example.**;!*");
        }
        try {
            ObjectInputFilter.Config.createFilter(pattern);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "filter is \"" + pattern + "\", which is no pattern of JEP 290 (see"
                            + " java.io.ObjectInputFilter.Config.createFilter): " + e.getMessage(),
                    e);
        }
    }
}
