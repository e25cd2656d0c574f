// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.log;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * One record of a log, cut to a size that a connection can carry.
 *
 * <p><b>Threads:</b> immutable, but for the error, which is the user's.
 *
 * @param level the level
 * @param logger name of the logger
 * @param thread name of the thread that logged
 * @param message the message, its arguments put in
 * @param context what SLF4J calls the MDC of the thread
 * @param error what went wrong; null for nothing
 */
public record Entry(
        Level level,
        String logger,
        String thread,
        String message,
        Map<String, String> context,
        @Nullable Throwable error) {
    /** Characters of a message. */
    public static final int MOST_CHARS = 1 << 14;

    /** Characters of any name, and of a value of the context. */
    public static final int MOST_NAME_CHARS = 300;

    private static final int ROOM = 40; // for what is said in the place of the rest

    /** Entries of the context. */
    public static final int MOST_CONTEXT = 32;

    /** Cuts what is too long. */
    public Entry {
        logger = cut(logger, MOST_NAME_CHARS);
        thread = cut(thread, MOST_NAME_CHARS);
        message = cut(message, MOST_CHARS);
        context = cut(context);
    }

    private static Map<String, String> cut(Map<String, String> context) {
        if (context.isEmpty()) {
            return Map.of();
        }
        Map<String, String> cut = new LinkedHashMap<>();
        for (Map.Entry<String, @Nullable String> each : context.entrySet()) {
            if (cut.size() == MOST_CONTEXT) {
                break;
            }
            String value = each.getValue();
            cut.put(cut(each.getKey(), MOST_NAME_CHARS), value == null ? "" : cut(value, MOST_NAME_CHARS));
        }
        return cut;
    }

    private static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int kept = most - ROOM;
        return text.substring(0, kept) + "... (" + (text.length() - kept) + " characters left out)";
    }
}
