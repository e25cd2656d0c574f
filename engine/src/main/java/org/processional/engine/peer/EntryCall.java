// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A function of the engine on an object that its process keeps.
 *
 * <p><b>Threads:</b> as {@link org.processional.Work}.
 *
 * @param <R> what it returns
 */
@FunctionalInterface
interface EntryCall<R extends @Nullable Object> extends Serializable {
    /** Runs it where the object lives. */
    R call(Exports.Entry entry) throws Exception;
}
