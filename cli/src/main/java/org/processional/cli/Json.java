// SPDX-License-Identifier: Apache-2.0
package org.processional.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * JSON objects of texts, numbers, truth values and nothing, on one line each.
 *
 * <p><b>Threads:</b> one thread.
 */
final class Json {
    private final Map<String, @Nullable Object> members = new LinkedHashMap<>();

    /** Adds a member; its value is a text, a number, a Boolean, or null. */
    Json put(String name, @Nullable Object value) {
        members.put(name, value);
        return this;
    }

    /** An array, one object on a line. */
    static String array(List<Json> objects) {
        String separator = System.lineSeparator();
        return objects.stream()
                .map(object -> "  " + object)
                .collect(Collectors.joining("," + separator, "[" + separator, separator + "]"));
    }

    @Override
    public String toString() {
        return members.entrySet().stream()
                .map(member -> quoted(member.getKey()) + ": " + value(member.getValue()))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String value(@Nullable Object value) {
        return value instanceof CharSequence text ? quoted(text) : String.valueOf(value);
    }

    private static String quoted(CharSequence text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
