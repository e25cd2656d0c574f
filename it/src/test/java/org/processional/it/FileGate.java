// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Keeps slaves waiting until a test lets them go on. Where the test has ended without that, they do not wait for ever.
 *
 * <p><b>Threads:</b> any, of any process of this host.
 *
 * @param file there when the gate is open
 */
record FileGate(String file) implements Serializable {
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(120);

    /** One in a folder, that has a name there. */
    static FileGate in(Path folder, String name) {
        return new FileGate(folder.resolve(name).toString());
    }

    void open() throws IOException {
        Files.writeString(Path.of(file), "");
    }

    /**
     * Waits until it is open.
     *
     * @throws IllegalStateException if nobody opens it
     */
    void pass() throws InterruptedException {
        long start = System.nanoTime();
        while (!Files.exists(Path.of(file))) {
            if (System.nanoTime() - start > LONGEST_NANOS) {
                throw new IllegalStateException("nobody opened " + file);
            }
            Thread.sleep(1); // in another process
        }
    }
}
