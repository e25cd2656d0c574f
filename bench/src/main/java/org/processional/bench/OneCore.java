// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.io.IOException;
import java.util.List;

/** One processor for all: for this, a JVM and what it starts are run by {@code taskset}. */
final class OneCore {
    /** The beginning of the command line. */
    static final List<String> COMMAND = List.of("taskset", "-c", "0");

    private OneCore() {}

    /** Whether that works here: there is a taskset, and the first processor may be used. */
    static boolean isAvailable() {
        try {
            Process process = new ProcessBuilder("taskset", "-c", "0", "true")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false; // there is none
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
