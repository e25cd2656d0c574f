// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;
import org.processional.StandInException;
import org.processional.engine.Log;
import org.processional.engine.task.StackTraces;
import org.processional.spi.Codec;
import org.processional.spi.Definition;
import org.processional.spi.FrameOutput;

/**
 * The body of a failure: a description that every process can read, then the exception itself if it can travel.
 *
 * <pre>
 * description: class name string | printed string | frames size | frame...: loader, module, version, class, method, file
 *              strings, line i32 | causes size (0 or 1) | description of the cause | suppressed: (1 u8 | description)... 0 u8
 *              or, of one that was described before: empty string | its number size, from 0 in the order of beginning
 * then:        1 u8 and the exception as the codec has it, or 0 u8
 * </pre>
 *
 * <p><b>Threads:</b> stateless.
 */
final class Failures {
    private static final int MOST_FRAMES = 200;
    private static final int LAST_FRAMES = 80; // of these: the parts that other processes have appended
    private static final int MOST_EXCEPTIONS = 64; // the failure, its causes, what they suppressed
    private static final int MOST_CHARS = 1 << 16; // of what an exception prints
    private static final StackTraceElement[] NO_FRAMES = {};

    private Failures() {}

    /**
     * Writes a failure.
     *
     * @param encoder writes the exception itself
     * @return the definitions that must be sent before
     */
    static List<Definition> write(
            Throwable error, BiFunction<Throwable, FrameOutput, List<Definition>> encoder, FrameOutput out) {
        describe(error, out, new ArrayList<>());
        int mark = out.size();
        out.putByte(1);
        try {
            return encoder.apply(error, out);
        } catch (RuntimeException | Error e) { // the description must do
            Log.engine().debug("an exception cannot travel; the other end gets a stand-in", e);
            out.size(mark);
            out.putByte(0);
            return List.of();
        }
    }

    /** Writes the description alone. */
    static void describe(Throwable error, FrameOutput out) {
        describe(error, out, new ArrayList<>());
    }

    private static void describe(Throwable error, FrameOutput out, List<Throwable> described) {
        int before = find(described, error);
        if (before >= 0) {
            out.putString("");
            out.putSize(before);
            return;
        }
        described.add(error);
        out.putString(typeName(error));
        out.putString(print(error));
        describeFrames(frames(error), out);
        Throwable cause = described.size() < MOST_EXCEPTIONS ? cause(error) : null;
        if (cause == null || cause == error) { // what is its own cause has none, as in the JDK
            out.putSize(0);
        } else {
            out.putSize(1);
            describe(cause, out, described);
        }
        for (Throwable suppressed : error.getSuppressed()) {
            if (described.size() < MOST_EXCEPTIONS) {
                out.putByte(1);
                describe(suppressed, out, described);
            }
        }
        out.putByte(0);
    }

    private static int find(List<Throwable> described, Throwable error) {
        for (int i = 0; i < described.size(); i++) {
            if (described.get(i) == error) {
                return i;
            }
        }
        return -1;
    }

    /** The first, where it happened, and the last, which tell how it came here. */
    private static void describeFrames(StackTraceElement[] frames, FrameOutput out) {
        if (frames.length <= MOST_FRAMES) {
            out.putSize(frames.length);
            describeFrames(frames, 0, frames.length, out);
            return;
        }
        int first = MOST_FRAMES - LAST_FRAMES - 1;
        int last = frames.length - LAST_FRAMES;
        out.putSize(MOST_FRAMES);
        describeFrames(frames, 0, first, out);
        describe(StackTraces.leftOut(last - first), out);
        describeFrames(frames, last, frames.length, out);
    }

    private static void describeFrames(StackTraceElement[] frames, int from, int to, FrameOutput out) {
        for (int i = from; i < to; i++) {
            describe(frames[i], out);
        }
    }

    /** Of loader, module and version what the frame prints: which that is, a frame made from its parts cannot know. */
    private static void describe(StackTraceElement frame, FrameOutput out) {
        String printed = frame.toString();
        String loader = shown(frame.getClassLoaderName());
        String module = shown(frame.getModuleName());
        String version = shown(frame.getModuleVersion());
        out.putString(printed.startsWith(loader + "/") ? loader : "");
        out.putString(module);
        out.putString(printed.contains(module + "@" + version + "/") ? version : "");
        out.putString(frame.getClassName());
        out.putString(frame.getMethodName());
        String file = frame.getFileName();
        out.putString(file == null ? "" : file);
        out.putInt(frame.getLineNumber());
    }

    private static String shown(@Nullable String name) {
        return name == null ? "" : name;
    }

    private static String typeName(Throwable error) {
        return error instanceof StandInException standIn
                ? standIn.originalClassName()
                : error.getClass().getName();
    }

    // What follows is code of the user, which may throw anything and return null; the failure must be told
    // nevertheless.

    private static String print(Throwable error) {
        String printed;
        try {
            printed = error.toString();
        } catch (RuntimeException | Error e) {
            printed = null;
        }
        if (printed == null) {
            return typeName(error);
        }
        return printed.length() <= MOST_CHARS
                ? printed
                : printed.substring(0, MOST_CHARS) + "... (" + (printed.length() - MOST_CHARS)
                        + " characters left out)";
    }

    private static StackTraceElement[] frames(Throwable error) {
        try {
            @Nullable StackTraceElement[] frames = error.getStackTrace();
            return frames == null || Arrays.asList(frames).contains(null) ? NO_FRAMES : frames;
        } catch (RuntimeException | Error e) {
            return NO_FRAMES;
        }
    }

    private static @Nullable Throwable cause(Throwable error) {
        try {
            return error.getCause();
        } catch (RuntimeException | Error e) {
            return null;
        }
    }

    /** What the description says, as an exception. */
    static StandInException standIn(ByteBuffer body) {
        return description(body.duplicate(), new ArrayList<>());
    }

    private static StandInException description(ByteBuffer from, List<StandInException> known) {
        String type = FrameOutput.readString(from);
        if (type.isEmpty()) {
            int number = FrameOutput.readSize(from);
            if (number >= known.size()) {
                throw new CodecException("damaged message: a failure refers to exception " + number);
            }
            return known.get(number);
        }
        if (known.size() == MOST_EXCEPTIONS) {
            throw new CodecException("damaged message: a failure with more than " + MOST_EXCEPTIONS + " exceptions");
        }
        StandInException error = new StandInException(type, FrameOutput.readString(from));
        known.add(error);
        error.setStackTrace(readFrames(from));
        if (FrameOutput.readSize(from) != 0) {
            error.initCause(description(from, known));
        }
        while (from.get() != 0) {
            error.addSuppressed(description(from, known));
        }
        return error;
    }

    private static StackTraceElement[] readFrames(ByteBuffer from) {
        int count = FrameOutput.readSize(from);
        if (count > MOST_FRAMES) {
            throw new CodecException("damaged message: a failure with " + count + " frames");
        }
        StackTraceElement[] frames = new StackTraceElement[count];
        for (int i = 0; i < count; i++) {
            String loader = FrameOutput.readString(from);
            String module = FrameOutput.readString(from);
            String version = FrameOutput.readString(from);
            String owner = FrameOutput.readString(from);
            String method = FrameOutput.readString(from);
            String file = FrameOutput.readString(from);
            frames[i] = new StackTraceElement(
                    loader, module, version, owner, method, file.isEmpty() ? null : file, from.getInt());
        }
        return frames;
    }

    /** The exception itself, or the stand-in where it cannot be had. */
    static Throwable read(ByteBuffer body, Throwable standIn, Codec codec, ClassLoader loader) {
        ByteBuffer from = body.duplicate();
        description(from, new ArrayList<>());
        if (!from.hasRemaining() || from.get() == 0) { // cut off behind the description, which says all there is
            return standIn;
        }
        try {
            @Nullable Object error = codec.decode(from, loader);
            return error instanceof Throwable own ? own : standIn;
        } catch (RuntimeException | LinkageError | StackOverflowError e) { // its class is missing here, or differs
            Log.engine().debug("an exception arrived as a stand-in", e);
            return standIn;
        }
    }
}
