// SPDX-License-Identifier: Apache-2.0
package org.processional;

import java.io.ObjectInputFilter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Checks that the option records share. */
final class Options {
    private static final int LONGEST_SECRET = 1000;

    private Options() {}

    static void positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " is " + value + "; give a time above zero");
        }
    }

    /** Checks a secret: an empty one would be none, where somebody wanted one. */
    static void secret(@Nullable String secret) {
        if (secret != null && (secret.isEmpty() || secret.length() > LONGEST_SECRET)) {
            throw new IllegalArgumentException(
                    "secret has " + secret.length() + " characters; give 1 to " + LONGEST_SECRET + ", or leave it out");
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
