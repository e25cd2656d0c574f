// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;
import org.processional.StandInException;
import org.processional.spi.Codec;
import org.processional.spi.Definition;
import org.processional.spi.FrameOutput;

/**
 * The body of a failure: a description that every process can read, then the exception itself if it can travel.
 *
 * <pre>
 * description: class name string | printed string | frames size | frame...: class, method, file strings, line i32
 *              | causes size (0 or 1) | description of the cause | suppressed size | description...
 * then:        1 u8 and the exception as the codec has it, or 0 u8
 * </pre>
 *
 * <p><b>Threads:</b> stateless.
 */
final class Failures {
    private static final int MOST_FRAMES = 200;
    private static final int DEEPEST = 16;
    private static final int MOST_SUPPRESSED = 16;

    private Failures() {}

    /** Writes a failure; returns the definitions that must be sent before. */
    static List<Definition> write(Throwable error, Codec codec, FrameOutput out) {
        describe(error, out, DEEPEST);
        int mark = out.size();
        out.putByte(1);
        try {
            return codec.encode(error, out);
        } catch (RuntimeException | Error e) { // the description must do
            out.size(mark);
            out.putByte(0);
            return List.of();
        }
    }

    private static void describe(Throwable error, FrameOutput out, int depth) {
        out.putString(error.getClass().getName());
        out.putString(print(error));
        StackTraceElement[] frames = frames(error);
        int count = Math.min(frames.length, MOST_FRAMES);
        out.putSize(count);
        for (int i = 0; i < count; i++) {
            out.putString(frames[i].getClassName());
            out.putString(frames[i].getMethodName());
            String file = frames[i].getFileName();
            out.putString(file == null ? "" : file);
            out.putInt(frames[i].getLineNumber());
        }
        Throwable cause = depth > 0 ? cause(error) : null;
        out.putSize(cause == null ? 0 : 1);
        if (cause != null) {
            describe(cause, out, depth - 1);
        }
        Throwable[] suppressed = depth > 0 ? error.getSuppressed() : new Throwable[0];
        int some = Math.min(suppressed.length, MOST_SUPPRESSED);
        out.putSize(some);
        for (int i = 0; i < some; i++) {
            describe(suppressed[i], out, depth / 2);
        }
    }

    // What follows is code of the user, which may throw anything and return null; the failure must be told
    // nevertheless.

    private static String print(Throwable error) {
        try {
            String printed = error.toString();
            return printed == null ? error.getClass().getName() : printed;
        } catch (RuntimeException | Error e) {
            return error.getClass().getName();
        }
    }

    private static StackTraceElement[] frames(Throwable error) {
        try {
            @Nullable StackTraceElement[] frames = error.getStackTrace();
            return frames == null ? new StackTraceElement[0] : frames;
        } catch (RuntimeException | Error e) {
            return new StackTraceElement[0];
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
        return description(body.duplicate(), DEEPEST);
    }

    private static StandInException description(ByteBuffer from, int depth) {
        String type = FrameOutput.readString(from);
        StandInException error = new StandInException(type, FrameOutput.readString(from));
        int count = FrameOutput.readSize(from);
        if (count > MOST_FRAMES || depth < 0) {
            throw new CodecException("damaged message: a failure with " + count + " frames");
        }
        StackTraceElement[] frames = new StackTraceElement[count];
        for (int i = 0; i < count; i++) {
            String owner = FrameOutput.readString(from);
            String method = FrameOutput.readString(from);
            String file = FrameOutput.readString(from);
            frames[i] = new StackTraceElement(owner, method, file.isEmpty() ? null : file, from.getInt());
        }
        error.setStackTrace(frames);
        if (FrameOutput.readSize(from) != 0) {
            error.initCause(description(from, depth - 1));
        }
        int suppressed = FrameOutput.readSize(from);
        for (int i = 0; i < suppressed; i++) {
            error.addSuppressed(description(from, depth - 1));
        }
        return error;
    }

    /** The exception itself, or the stand-in where it cannot be had. */
    static Throwable read(ByteBuffer body, Throwable standIn, Codec codec, ClassLoader loader) {
        ByteBuffer from = body.duplicate();
        description(from, DEEPEST);
        if (from.get() == 0) {
            return standIn;
        }
        try {
            @Nullable Object error = codec.decode(from, loader);
            return error instanceof Throwable own ? own : standIn;
        } catch (RuntimeException | LinkageError | StackOverflowError e) { // its class is missing here, or differs
            return standIn;
        }
    }
}
