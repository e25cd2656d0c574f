// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

/**
 * Who this process is.
 *
 * <p><b>Threads:</b> immutable.
 */
public final class Identity {
    /** The process id. */
    public static final long PID = ProcessHandle.current().pid();

    /** Unique among all processes that ever run: process id, milliseconds and nanoseconds of the start of this class. */
    public static final String ID = Long.toHexString(PID)
            + "-"
            + Long.toHexString(System.currentTimeMillis())
            + "-"
            + Long.toHexString(System.nanoTime() & 0xffffff);

    private Identity() {}
}
