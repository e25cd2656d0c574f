// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.task;

import java.lang.ref.Cleaner;

/**
 * The one cleaner of the engine, and so the one thread for all that is dropped.
 *
 * <p><b>Threads:</b> from any thread. Actions run on the cleaner's thread, one after the other: they must not wait.
 */
public final class Cleaners {
    /** Its thread is a daemon. */
    public static final Cleaner SHARED = Cleaner.create(work -> Daemons.make("processional-cleaner", work));

    private Cleaners() {}
}
