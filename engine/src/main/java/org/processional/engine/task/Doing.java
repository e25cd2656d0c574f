// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.task;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a function was doing when its time was over.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param text in words, for the end of a sentence
 * @param frames where it was, the innermost first; a line that says why not, if that is not known
 */
public record Doing(String text, List<StackTraceElement> frames) {
    /** It had not begun. */
    public static Doing nothing() {
        return unknown("it had not begun");
    }

    /** It is not known where it was. */
    public static Doing unknown(String why) {
        return new Doing(why, List.of(StackTraces.note(why)));
    }

    /**
     * It ran.
     *
     * @param place the process, as it goes on after the name of the thread; empty for this one
     */
    public static Doing in(Thread thread, String place) {
        List<StackTraceElement> frames = frames(thread);
        StackTraceElement top = userFrame(frames);
        String text = "it was running in thread " + thread.getName() + place + " (" + thread.getState() + ")";
        return top == null ? unknown(text) : new Doing(text + ", at " + top, frames);
    }

    /** Those of a living thread print loaders and versions, unlike those of exceptions. */
    private static List<StackTraceElement> frames(Thread thread) {
        List<StackTraceElement> frames = new ArrayList<>();
        for (StackTraceElement frame : thread.getStackTrace()) {
            String loader = frame.getClassLoaderName();
            boolean builtIn = loader == null || loader.equals("app") || loader.equals("platform");
            frames.add(new StackTraceElement(
                    builtIn ? null : loader,
                    frame.getModuleName(),
                    null,
                    frame.getClassName(),
                    frame.getMethodName(),
                    frame.getFileName(),
                    frame.getLineNumber()));
        }
        return frames;
    }

    /** The innermost frame that is neither of the JDK nor of the engine. */
    private static @Nullable StackTraceElement userFrame(List<StackTraceElement> frames) {
        for (StackTraceElement frame : frames) {
            String name = frame.getClassName();
            boolean jdk = name.startsWith("java.") || name.startsWith("jdk.") || name.startsWith("sun.");
            if (!jdk && !name.startsWith("org.processional.engine.")) {
                return frame;
            }
        }
        return frames.isEmpty() ? null : frames.get(0);
    }
}
