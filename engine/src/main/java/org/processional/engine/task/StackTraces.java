// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.task;

import java.util.Arrays;

/**
 * Stack traces that tell of both sides: where the function failed, and who asked for it.
 *
 * <p>One that crosses several borders gets a part for each of them, the innermost first. That a failure gets one part and
 * no more is the business of who has the failure: see {@link Failure}.
 *
 * <p><b>Threads:</b> from any thread.
 */
public final class StackTraces {
    /** The frames that follow are those of who wanted the function. */
    public static final String ASKED_FOR_BY = "asked for by";

    /** The frames that follow are those of who waited for its end; who wanted it is not known. */
    public static final String AWAITED_BY = "awaited by";

    private static final String MARKER = "--- processional";

    /** A user may throw one and the same object again and again; it must not grow for ever. */
    private static final int MOST_PARTS = 16;

    private StackTraces() {}

    /**
     * Appends the frames of the other side to those of an error, after a line that marks the border. Only if its stack
     * trace is writable; its causes are not touched. An error that has just this part as its last one stays as it is, and
     * so does one with 16 parts: these are objects that a user keeps and throws again.
     *
     * @param error what the function threw
     * @param where where the function ran, such as {@code "thread processional-slave-1"}
     * @param how what the site is: {@link #ASKED_FOR_BY} or {@link #AWAITED_BY}
     * @param site frames of the other side, the innermost first; may be empty
     */
    public static void append(Throwable error, String where, String how, StackTraceElement[] site) {
        String text = "ran in " + where + (site.length == 0 ? "" : ", " + how);
        StackTraceElement[] part = new StackTraceElement[1 + site.length];
        part[0] = new StackTraceElement(MARKER, "invoke", text, -1);
        System.arraycopy(site, 0, part, 1, site.length);
        try {
            appendPart(error, part);
        } catch (RuntimeException | Error e) { // the user's own getStackTrace, or no memory: the error counts, not this
            return;
        }
    }

    private static void appendPart(Throwable error, StackTraceElement[] part) {
        synchronized (error) { // two failures may share an error; nothing of ours blocks in here
            StackTraceElement[] inner = error.getStackTrace();
            boolean writable = inner.length > 0;
            if (writable && !endsWith(inner, part) && parts(inner) < MOST_PARTS) {
                StackTraceElement[] both = Arrays.copyOf(inner, inner.length + part.length);
                System.arraycopy(part, 0, both, inner.length, part.length);
                error.setStackTrace(both);
            }
        }
    }

    private static boolean endsWith(StackTraceElement[] trace, StackTraceElement[] part) {
        int from = trace.length - part.length;
        return from >= 0 && Arrays.equals(trace, from, trace.length, part, 0, part.length);
    }

    private static int parts(StackTraceElement[] trace) {
        int count = 0;
        for (StackTraceElement frame : trace) {
            count += frame.getClassName().equals(MARKER) ? 1 : 0;
        }
        return count;
    }

    /** A line in the place of frames that were left out. */
    public static StackTraceElement leftOut(int frames) {
        return new StackTraceElement(MARKER, "cut", frames + " frames left out", -1);
    }

    /** A line in the place of frames that are not known. */
    public static StackTraceElement note(String text) {
        return new StackTraceElement(MARKER, "limit", text, -1);
    }

    /**
     * The frames of the caller of the engine.
     *
     * @param inside made inside the engine, in the caller's thread
     */
    public static StackTraceElement[] submitSite(Throwable inside) {
        return outside(inside.getStackTrace(), 0);
    }

    /** The same of a thread that waits inside the engine; none if it does not any more. */
    public static StackTraceElement[] submitSite(Thread waiting) {
        StackTraceElement[] all = waiting.getStackTrace();
        int first = 0;
        while (first < all.length && !isInside(all[first].getClassName())) { // the JDK, a transport
            first++;
        }
        return outside(all, first);
    }

    private static StackTraceElement[] outside(StackTraceElement[] all, int from) {
        int first = from;
        while (first < all.length && isInside(all[first].getClassName())) {
            first++;
        }
        return Arrays.copyOfRange(all, first, all.length);
    }

    /** A frame without its loader and module: {@code com.acme.App.run(App.java:17)}. */
    public static String place(StackTraceElement frame) {
        return new StackTraceElement(
                        null,
                        null,
                        null,
                        frame.getClassName(),
                        frame.getMethodName(),
                        frame.getFileName(),
                        frame.getLineNumber())
                .toString();
    }

    /** The engine, and the class by which users come in. */
    private static boolean isInside(String type) {
        return type.startsWith("org.processional.engine.") || type.equals("org.processional.Processional");
    }
}
