// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;
import org.processional.engine.task.StackTraces;
import org.processional.spi.FrameOutput;

/**
 * What a process says when somebody in it calls {@code System.exit}: who did, and where.
 *
 * <pre>
 * body: in a task u8 (0 or 1) | thread string | place string
 * </pre>
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param inTask whether a task did
 * @param thread name of the thread that did
 * @param place the frame that called it
 */
public record Farewell(boolean inTask, String thread, String place) {
    private static final int LONGEST = 300; // characters

    private static final String HOOKS = "java.lang.ApplicationShutdownHooks";
    private static final String SIGNAL = "java.lang.Terminator";

    /** In words, behind the exit code. */
    public String text() {
        return (inTask ? "a task" : "somebody") + " called System.exit, at " + place + ", in thread " + thread;
    }

    /** What there is to say; null if nobody called it. The caller is a shutdown hook. */
    static @Nullable Farewell ofNow() {
        for (Map.Entry<Thread, StackTraceElement[]> each :
                Thread.getAllStackTraces().entrySet()) {
            Farewell found = of(each.getKey(), each.getValue());
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /** Of the thread that waits for the hooks, if the JDK's own code for signals did not make it do so. */
    private static @Nullable Farewell of(Thread thread, StackTraceElement[] stack) {
        String place = null;
        boolean waits = false;
        boolean exits = false;
        boolean inTask = false;
        for (StackTraceElement frame : stack) {
            String type = frame.getClassName();
            if (type.startsWith(SIGNAL)) {
                return null;
            }
            waits |= type.equals(HOOKS);
            exits |= type.equals("java.lang.Runtime") && frame.getMethodName().equals("exit");
            inTask |= type.equals(RequestBody.class.getName());
            if (exits && place == null && !type.equals("java.lang.Runtime") && !type.equals("java.lang.System")) {
                place = StackTraces.place(frame);
            }
        }
        return waits && exits && place != null ? new Farewell(inTask, cut(thread.getName()), cut(place)) : null;
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }

    ByteBuffer write() {
        FrameOutput out = new FrameOutput(64, 1 << 16);
        out.putByte(inTask ? 1 : 0);
        out.putString(thread);
        out.putString(place);
        return out.frame();
    }

    static Farewell read(ByteBuffer body) {
        boolean inTask = body.get() != 0;
        String thread = FrameOutput.readString(body);
        String place = FrameOutput.readString(body);
        if (thread.length() > LONGEST || place.length() > LONGEST) {
            throw new CodecException("damaged farewell");
        }
        return new Farewell(inTask, thread, place);
    }
}
