// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.task;

/**
 * Joins the frames of where a function ran and of where it was submitted.
 *
 * <p><b>Threads:</b> from any thread, for an error that no other thread changes.
 */
public final class StackTraces {
    private static final String MARK = "scheduled by ";

    private StackTraces() {}

    /**
     * Appends the frames of the submit site, unless that was done before.
     *
     * @param error what the function threw
     * @param site the frames of the one who submitted it, innermost first
     * @param who names the one who submitted it, such as {@code process 4711}
     */
    public static void append(Throwable error, StackTraceElement[] site, String who) {
        StackTraceElement[] own = error.getStackTrace();
        for (StackTraceElement frame : own) {
            if (frame.getClassName().equals(MARK + who)) {
                return;
            }
        }
        int skip = 0;
        while (skip < site.length && site[skip].getClassName().startsWith("org.processional.engine.")) {
            skip++;
        }
        StackTraceElement[] joined = new StackTraceElement[own.length + 1 + site.length - skip];
        System.arraycopy(own, 0, joined, 0, own.length);
        joined[own.length] = new StackTraceElement(MARK + who, "here", null, -1);
        System.arraycopy(site, skip, joined, own.length + 1, site.length - skip);
        error.setStackTrace(joined);
    }
}
