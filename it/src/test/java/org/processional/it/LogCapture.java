// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * What is logged while it is open: the simple logger writes to what standard error is at that time.
 *
 * <p><b>Threads:</b> one test at a time.
 */
final class LogCapture implements AutoCloseable {
    private final PrintStream before = System.err;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(); // guarded by itself

    LogCapture() {
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    }

    /** All so far. */
    String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** The last of it. */
    String tail() {
        String all = text();
        return all.substring(Math.max(0, all.length() - 5000));
    }

    @Override
    public void close() {
        System.setErr(before);
    }
}
