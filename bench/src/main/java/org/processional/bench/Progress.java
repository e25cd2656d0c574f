// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Tells how far it is and how long it will take: on a terminal in one line that changes, else in a line now and then.
 * The time left is that of the plan, corrected by how long what is done has taken.
 *
 * <p><b>Threads:</b> one thread uses it.
 */
final class Progress {
    private static final long BETWEEN_LINES_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int WIDTH = 78;
    private static final Path ERRORS = Path.of("/proc/self/fd/2");

    private final PrintStream out;
    private final boolean terminal;
    private final long plannedMillis;
    private final long limitNanos;
    private final long begin = System.nanoTime();
    private long doneMillis;
    private long lastLine = begin - BETWEEN_LINES_NANOS;

    /**
     * Begins.
     *
     * @param plannedMillis how long all will take
     * @param limitNanos it ends after this time at the latest
     */
    Progress(PrintStream out, boolean terminal, long plannedMillis, long limitNanos) {
        this.out = out;
        this.terminal = terminal;
        this.plannedMillis = Math.max(1, plannedMillis);
        this.limitNanos = limitNanos;
    }

    /** Whether the standard error is a terminal. */
    static boolean onTerminal() {
        try {
            return ERRORS.toRealPath().startsWith("/dev/pts")
                    || ERRORS.toRealPath().startsWith("/dev/tty");
        } catch (IOException e) {
            return false; // no such system
        }
    }

    /** A part has begun. */
    void begins(int fork, int forks, String row) {
        tell(String.format(
                Locale.ROOT,
                "%3d %%, %s left: fork %d of %d, %s",
                Math.min(99, 100 * doneMillis / plannedMillis),
                clock(leftSeconds()),
                fork,
                forks,
                row));
    }

    /** A part of the plan is done, or will not be. */
    void done(long millis) {
        doneMillis += millis;
    }

    /** All is done. */
    void ends() {
        if (terminal) {
            out.print("\r" + " ".repeat(WIDTH) + "\r");
            out.flush();
        }
    }

    /** How long it will take. */
    long leftSeconds() {
        long passed = System.nanoTime() - begin;
        long left = TimeUnit.MILLISECONDS.toNanos(plannedMillis - doneMillis);
        if (doneMillis > 0) {
            left = (long) ((double) passed / doneMillis * (plannedMillis - doneMillis));
        }
        return TimeUnit.NANOSECONDS.toSeconds(Math.max(0, Math.min(left, limitNanos - passed)));
    }

    private static String clock(long seconds) {
        return String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
    }

    private void tell(String text) {
        if (terminal) {
            String line = text.length() > WIDTH ? text.substring(0, WIDTH) : text;
            out.print("\r" + line + " ".repeat(WIDTH - line.length()));
            out.flush();
        } else if (System.nanoTime() - lastLine >= BETWEEN_LINES_NANOS) {
            lastLine = System.nanoTime();
            out.println(text);
        }
    }
}
