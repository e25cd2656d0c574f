// SPDX-License-Identifier: Apache-2.0
package org.processional;

import java.util.List;
import java.util.Locale;

/**
 * What a function takes along when it travels to another process, and what keeps it from travelling; made by
 * {@link Processional#explain(Call)}. {@link #toString()} says it all, in several lines.
 *
 * <p><b>Threads:</b> immutable. It holds texts and numbers alone, none of the objects that it is about.
 *
 * @param function which function it is, for example {@code the lambda at com.example.App.main (App.java:42)}
 * @param captures what it captures, in order; empty also for an object whose class says by itself how it is written
 * @param obstacles what cannot travel, in the order in which it is met, at most {@value #MAX_OBSTACLES}; empty if the
 *     function travels
 * @param bytes length of the message that each call sends for it; {@link #UNKNOWN} if it does not travel
 * @param onceBytes length of the descriptions of classes and lambdas that a connection sends once, with the first such
 *     call; {@link #UNKNOWN} if it does not travel
 * @since 0.1
 */
public record Explanation(
        String function, List<Capture> captures, List<Obstacle> obstacles, long bytes, long onceBytes) {
    /** Number of bytes of what does not travel. */
    public static final long UNKNOWN = -1;

    /** How many obstacles are named; there may be more. */
    public static final int MAX_OBSTACLES = 20;

    /** Makes an explanation; the lists are copied. */
    public Explanation {
        captures = List.copyOf(captures);
        obstacles = List.copyOf(obstacles);
    }

    /**
     * A value that a function captures.
     *
     * @param name as in the source, {@code this}, or its number, such as {@code #1}, where the class file has no name
     * @param type the type of the variable or field, as the class file has it: {@code int}, {@code java.util.List}
     * @param valueType the class of the value; {@code null} if there is none, {@code ?} if it cannot be looked at
     * @param bytes length of the value in a message, estimated by encoding it alone: what is in two captures counts in
     *     both, and what shared memory carries counts with its full length; {@link Explanation#UNKNOWN} if it does not
     *     travel, or cannot be looked at
     */
    public record Capture(String name, String type, String valueType, long bytes) {
        /** For example {@code order: com.example.Order, 120 bytes}. */
        @Override
        public String toString() {
            String same = valueType.equals(type) || valueType.equals("?") || isBoxed() ? "" : " (" + valueType + ")";
            String length = bytes != UNKNOWN ? count(bytes) : valueType.equals("?") ? "not known" : "cannot travel";
            return name + ": " + type + same + ", " + length;
        }

        private boolean isBoxed() {
            return type.indexOf('.') < 0 && valueType.startsWith("java.lang.") && !type.endsWith("]");
        }
    }

    /**
     * Something that cannot travel.
     *
     * @param function the function that captures it, which is the one to change: a function may capture another one
     * @param path the way from there to it, for example {@code captured #2 "order" (com.example.Order).customer}
     * @param type its class
     * @param reason what is wrong with it; a sentence with {@code path} as its subject
     * @param cure what to do
     */
    public record Obstacle(String function, String path, String type, String reason, String cure) {
        /** Path, reason and cure. */
        public String text() {
            return path + " " + reason + "; " + cure;
        }

        /** The whole, as the exception of a call says it. */
        @Override
        public String toString() {
            return function + " cannot travel: " + text();
        }
    }

    /** Whether it can travel, as far as this process can tell: another one needs the same classes. */
    public boolean travels() {
        return obstacles.isEmpty();
    }

    /** All of it, in lines. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(function);
        text.append(captures.isEmpty() ? " captures nothing" : " captures " + captures.size());
        if (travels()) {
            text.append("; it travels in ").append(count(bytes));
            text.append(", and ").append(count(onceBytes)).append(" once per connection");
        } else {
            text.append("; it cannot travel");
        }
        for (Capture capture : captures) {
            text.append("\n  ").append(capture);
        }
        for (Obstacle obstacle : obstacles) {
            text.append("\n- ");
            text.append(obstacle.function.equals(function) ? obstacle.text() : obstacle.toString());
        }
        return text.toString();
    }

    private static String count(long bytes) {
        return bytes == 1 ? "1 byte" : String.format(Locale.ROOT, "%,d bytes", bytes);
    }
}
