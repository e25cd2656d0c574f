// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;
import org.processional.StandInException;
import org.processional.engine.log.Entry;
import org.processional.spi.FrameOutput;
import org.slf4j.event.Level;

/**
 * The body of a RECORD: what a slave logs.
 *
 * <pre>
 * level u8 (0 trace, 1 debug, 2 info, 3 warn, 4 error) | logger string | thread string | message string
 * | context size | (key string, value string)... | 1 u8 and the description of an exception, as in FAILURE, or 0 u8
 * </pre>
 *
 * <p><b>Threads:</b> stateless.
 */
final class LogBody {
    /** Bytes of an exception with its causes; of a longer one, the frames of the first go alone. */
    static final int MOST_ERROR_BYTES = 1 << 16;

    private static final List<Level> LEVELS = List.of(Level.TRACE, Level.DEBUG, Level.INFO, Level.WARN, Level.ERROR);

    private LogBody() {}

    static void write(Entry entry, FrameOutput out) {
        out.putByte(LEVELS.indexOf(entry.level()));
        out.putString(entry.logger());
        out.putString(entry.thread());
        out.putString(entry.message());
        out.putSize(entry.context().size());
        entry.context().forEach((key, value) -> {
            out.putString(key);
            out.putString(value);
        });
        Throwable error = entry.error();
        out.putByte(error == null ? 0 : 1);
        if (error != null) {
            describe(error, out);
        }
    }

    private static void describe(Throwable error, FrameOutput out) {
        int mark = out.size();
        Failures.describe(error, out);
        if (out.size() - mark > MOST_ERROR_BYTES) {
            StandInException whole = Failures.standIn(out.frame().position(mark));
            out.size(mark);
            Failures.describe(withoutCauses(whole), out);
        }
    }

    private static StandInException withoutCauses(StandInException whole) {
        String printed = whole.toString();
        String kept = printed.substring(0, Math.min(printed.length(), Entry.MOST_CHARS));
        StandInException first = new StandInException(
                whole.originalClassName(), kept + "... (too long for a log: the rest and its causes are left out)");
        first.setStackTrace(whole.getStackTrace());
        return first;
    }

    /**
     * Reads a body.
     *
     * @return the record, whose exceptions are stand-ins
     * @throws CodecException if it is damaged
     * @throws java.nio.BufferUnderflowException if it is too short
     */
    static Entry read(ByteBuffer from) {
        int level = from.get();
        if (level < 0 || level >= LEVELS.size()) {
            throw new CodecException("damaged record: level " + level);
        }
        String logger = readString(from);
        String thread = readString(from);
        String message = readString(from);
        int count = FrameOutput.readSize(from);
        if (count > Entry.MOST_CONTEXT) {
            throw new CodecException("damaged record: a context of " + count);
        }
        Map<String, String> context = new HashMap<>();
        for (int i = 0; i < count; i++) {
            context.put(readString(from), readString(from));
        }
        @Nullable Throwable error = from.get() == 0 ? null : Failures.standIn(from);
        return new Entry(LEVELS.get(level), logger, thread, message, context, error);
    }

    private static String readString(ByteBuffer from) {
        String text = FrameOutput.readString(from);
        if (text.length() > Entry.MOST_CHARS) {
            throw new CodecException("damaged record: a text of " + text.length() + " characters");
        }
        return text;
    }
}
