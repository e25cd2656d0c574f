// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.charset.Charset;
import java.util.ArrayDeque;
import org.processional.Output;
import org.processional.engine.Log;
import org.processional.engine.task.Daemons;

/**
 * Reads what a slave prints, passes it on where the options say, and keeps the last lines.
 *
 * <p><b>Threads:</b> a daemon thread reads until the stream ends; {@code lastLines} from any thread.
 */
final class SlaveOutput {
    private static final int KEPT_LINES = 30;
    private static final int LONGEST_LINE = 2000;

    private final InputStream from;
    private final OutputStream to;
    private final Output output;
    private final String prefix;
    private final Thread thread;
    private final ArrayDeque<String> lines = new ArrayDeque<>(); // guarded by itself
    private final StringBuilder line = new StringBuilder(); // reading thread only
    private long leftOut; // of the line; reading thread only

    SlaveOutput(InputStream from, OutputStream to, Output output, String prefix, String threadName) {
        this.from = from;
        this.to = to;
        this.output = output;
        this.prefix = prefix;
        this.thread = Daemons.make(threadName, new Runnable() {
            @Override
            public void run() {
                pump();
            }
        });
        thread.start();
    }

    private void pump() {
        char[] buffer = new char[4096];
        // A reader: a character may come in two pieces.
        try (Reader text =
                new InputStreamReader(output == Output.INHERIT ? new Passing() : from, Charset.defaultCharset())) {
            for (int length = text.read(buffer); length >= 0; length = text.read(buffer)) {
                keep(buffer, length);
            }
        } catch (IOException e) {
            Log.engine().debug("the output of {} ended", prefix, e);
        }
        if (line.length() > 0) {
            endLine();
        }
    }

    /** Passes the bytes on as they are read. */
    private final class Passing extends FilterInputStream {
        Passing() {
            super(from);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = super.read(buffer, offset, length);
            if (count > 0) {
                to.write(buffer, offset, count);
                to.flush();
            }
            return count;
        }
    }

    private void keep(char[] text, int length) {
        for (int i = 0; i < length; i++) {
            char c = text[i];
            if (c == '\n') {
                endLine();
            } else if (c != '\r') {
                if (line.length() < LONGEST_LINE) {
                    line.append(c);
                } else {
                    leftOut++;
                }
            }
        }
    }

    private void endLine() {
        if (leftOut > 0) {
            line.append("... (").append(leftOut).append(" more characters)");
            leftOut = 0;
        }
        String whole = line.toString();
        line.setLength(0);
        if (EnvironmentOfSlave.isPickedUp(whole)) {
            return; // this JVM has said the same
        }
        synchronized (lines) {
            if (lines.size() == KEPT_LINES) {
                lines.removeFirst();
            }
            lines.addLast(whole);
        }
        if (output == Output.LOG) {
            Log.slave().info("[{}] {}", prefix, whole);
        }
    }

    /** The last lines, after waiting a little for the stream to end; a child of the slave may hold it open for long. */
    String lastLines(long waitMillis) {
        try {
            thread.join(waitMillis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (lines) {
            return String.join("\n", lines);
        }
    }
}
