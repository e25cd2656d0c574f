// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.task;

import org.jspecify.annotations.Nullable;

/**
 * A result that arrived as bytes, and is decoded by the first who asks for it: the thread that read it never runs code
 * of users and never loads classes.
 *
 * <p><b>Threads:</b> from any thread; decoded once.
 */
public abstract class Undecoded {
    private boolean decoded; // guarded by this
    private @Nullable Object result; // guarded by this

    /** The result, or a {@link Failure} if it cannot be decoded. */
    public final synchronized @Nullable Object result() {
        if (!decoded) {
            result = decode();
            decoded = true;
        }
        return result;
    }

    /** Decodes; called once. */
    protected abstract @Nullable Object decode();
}
