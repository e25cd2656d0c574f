// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.task;

import java.util.Arrays;

/**
 * Stack traces that tell of both sides: where the function failed, and who asked for it.
 *
 * <p><b>Threads:</b> from any thread.
 */
public final class StackTraces {
    private static final String MARKER = "--- processional";

    private StackTraces() {}

    /**
     * Appends the frames of the submit site to those of an error, after a line that marks the border. Does so once for
     * an error, and only if its stack trace is writable; its causes are not touched.
     *
     * @param error what the function threw
     * @param submitSite frames of the caller, the innermost first
     * @param where where the function ran, such as {@code "thread processional-slave-1"}
     */
    public static void append(Throwable error, StackTraceElement[] submitSite, String where) {
        synchronized (error) { // of two callers that share an error, one appends; nothing blocks in here
            StackTraceElement[] inner = error.getStackTrace();
            if (inner.length == 0 || isAppended(inner)) { // empty if it is not writable
                return;
            }
            StackTraceElement[] both = Arrays.copyOf(inner, inner.length + 1 + submitSite.length);
            both[inner.length] = new StackTraceElement(MARKER, "invoke", "ran in " + where + ", asked for by", -1);
            System.arraycopy(submitSite, 0, both, inner.length + 1, submitSite.length);
            error.setStackTrace(both);
        }
    }

    private static boolean isAppended(StackTraceElement[] trace) {
        for (StackTraceElement frame : trace) {
            if (frame.getClassName().equals(MARKER)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The frames of the caller of the engine.
     *
     * @param entry the class by which the caller came in; its frames and those above it are left out
     */
    public static StackTraceElement[] submitSite(Class<?> entry) {
        StackTraceElement[] all = new Throwable().getStackTrace();
        int first = 0;
        while (first < all.length && !all[first].getClassName().equals(entry.getName())) {
            first++;
        }
        while (first < all.length && all[first].getClassName().equals(entry.getName())) {
            first++;
        }
        return Arrays.copyOfRange(all, first, all.length);
    }

    /**
     * The frames of the caller of the engine.
     *
     * @param inside made inside the engine, in the caller's thread
     */
    public static StackTraceElement[] submitSite(Throwable inside) {
        StackTraceElement[] all = inside.getStackTrace();
        int first = 0;
        while (first < all.length && all[first].getClassName().startsWith("org.processional.engine.")) {
            first++;
        }
        return Arrays.copyOfRange(all, first, all.length);
    }
}
