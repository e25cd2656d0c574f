// SPDX-License-Identifier: Apache-2.0
package org.processional.tck.faults;

import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * What happens to one connection, as the option {@code fault} of its address has it: {@code cut-out-17-300} cuts it before
 * its 17th frame to the server.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param kind what happens
 * @param outgoing whether it happens to frames to the server, or to those that come from it
 * @param frame the frame that it begins with, 0 for the first one; those of the greeting count
 * @param micros how long a {@link Kind#DELAY} pauses, and how long a {@link Kind#SWALLOW} goes on, in microseconds
 * @since 0.1
 */
public record Fault(Kind kind, boolean outgoing, int frame, int micros) {
    /** The kinds of faults. */
    public enum Kind {
        /** Nothing. */
        NONE,
        /** The connection ends. */
        CUT,
        /** Frames are lost from now on, until the connection ends. */
        SWALLOW,
        /** Some frames are late. */
        DELAY,
        /** A frame comes twice: only a broken transport does this. */
        DUPLICATE,
        /** A frame lacks its end: only a broken transport does this. */
        TRUNCATE,
        /** A frame is lost, and those after it are not: only a broken transport does this. */
        SKIP,
        /**
         * Planted: one frame is not flushed until the next one is, as if a wake-up were lost. The harness must find it.
         */
        FORGET,
        /**
         * Planted: a frame comes twice, the second time uncounted, as if the engine had sent it again. The harness must
         * find it.
         */
        FORGE,
        /**
         * Planted: a result comes a second time, uncounted, as the answer to another request, just before that request's
         * own. The harness must find it.
         */
        ECHO
    }

    private static final List<Kind> DRAWN =
            List.of(Kind.CUT, Kind.SWALLOW, Kind.DELAY, Kind.DUPLICATE, Kind.TRUNCATE, Kind.SKIP);

    /** Nothing happens. */
    public static final Fault NONE = new Fault(Kind.NONE, true, 0, 0);

    /** Draws a fault; every third connection has none. */
    public static Fault draw(RandomGenerator random) {
        int kind = random.nextInt(DRAWN.size() * 3 / 2);
        boolean outgoing = random.nextBoolean();
        int frame = random.nextInt(random.nextBoolean() ? 12 : 120);
        int micros = random.nextInt(2000);
        return kind >= DRAWN.size() ? NONE : new Fault(DRAWN.get(kind), outgoing, frame, micros);
    }

    /** Whether tasks of the connection may be lost by it. */
    public boolean losesTasks() {
        return DRAWN.contains(kind) && kind != Kind.DELAY;
    }

    /**
     * Reads the form of {@link #toString}.
     *
     * @throws IllegalArgumentException if it has another form
     */
    public static Fault parse(String text) {
        String[] parts = text.split("-", -1);
        if (parts.length != 4) {
            throw new IllegalArgumentException("fault \"" + text + "\" is not of the form cut-out-17-300");
        }
        return new Fault(
                Kind.valueOf(parts[0].toUpperCase(Locale.ROOT)),
                parts[1].equals("out"),
                Integer.parseInt(parts[2]),
                Integer.parseInt(parts[3]));
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + (outgoing ? "-out-" : "-in-") + frame + "-" + micros;
    }
}
