// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import org.jspecify.annotations.Nullable;
import org.processional.TaskOptions;

/**
 * How a request is sent.
 *
 * @param awaited whether the caller waits for it in place, so that its stack need not be kept
 * @param raw whether the answer is a number or text of the engine, not an object of the codec
 * @param never whether it needs no credit
 * @param limitNanos how long to wait for a credit; 0 not to wait
 * @param owner what stays reachable until the answer has come
 * @param task what the user asked besides; null for nothing
 */
record RequestOptions(
        boolean awaited,
        boolean raw,
        boolean never,
        long limitNanos,
        @Nullable Object owner,
        @Nullable TaskOptions task) {
    /** A question of the engine: answered in bytes of its own, without credit. */
    static final RequestOptions ENGINE = new RequestOptions(true, true, true, 0, null, null);

    /** The same, with what the user asked besides. */
    RequestOptions with(TaskOptions options) {
        return new RequestOptions(awaited, raw, never, limitNanos, owner, options);
    }
}
