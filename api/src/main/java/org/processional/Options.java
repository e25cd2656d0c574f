// SPDX-License-Identifier: Apache-2.0
package org.processional;

import java.time.Duration;

/** Checks that the option records share. */
final class Options {
    private Options() {}

    static void positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " is " + value + "; give a time above zero");
        }
    }
}
