// SPDX-License-Identifier: Apache-2.0
package org.processional.examples.guide;

import static org.processional.Processional.slave;
import static org.processional.Processional.slaveThread;

import java.io.IOException;
import org.processional.SlaveProcess;
import org.processional.SlaveThread;

/** What {@code docs/failures.md} shows. */
final class FailuresGuide {
    private FailuresGuide() {}

    static int parse(String line) throws IOException {
        try {
            return Integer.parseInt(line);
        } catch (NumberFormatException e) {
            throw new IOException("line 3 is no number", e);
        }
    }

    static int load(String line) throws IOException {
        try (SlaveThread parser = slaveThread()) {
            return parser.invoke(() -> parse(line));
        }
    }

    static int run() throws IOException {
        try (SlaveProcess process = slave()) {
            return process.invoke(() -> load("x"));
        }
    }

    private static void leave() {
        System.err.println("last words");
        System.exit(7);
    }

    static void death() {
        try (SlaveProcess process = slave()) {
            process.invoke(() -> leave());
        }
    }
}
