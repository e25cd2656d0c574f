// SPDX-License-Identifier: Apache-2.0
package org.processional.engine;

/**
 * Keeps what strangers can bring about from filling a log: so many lines within a minute, then only their number.
 *
 * <p><b>Threads:</b> from any thread.
 */
public final class Complaints {
    private static final int MOST = 10;
    private static final long MINUTE_NANOS = 60_000_000_000L;

    private long startNanos = EngineTime.nanos(); // guarded by this
    private int lines; // guarded by this
    private int withheld; // guarded by this

    /**
     * Asks whether to write a line.
     *
     * @return what to write behind the line, usually nothing; null if it is not to be written
     */
    public @org.jspecify.annotations.Nullable String admit() {
        return admit(EngineTime.nanos());
    }

    synchronized @org.jspecify.annotations.Nullable String admit(long now) {
        if (now - startNanos >= MINUTE_NANOS) {
            startNanos = now;
            lines = 0;
        }
        if (lines >= MOST) {
            withheld++;
            return null;
        }
        lines++;
        String more = withheld == 0 ? "" : " (and " + withheld + " more since the last line of this kind)";
        withheld = 0;
        return more;
    }
}
