// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import org.processional.engine.task.Undecoded;

/**
 * The results of a connection that refer to shared memory, and that nobody has read yet. The memory may go with the
 * connection, so they are read before it is closed. Those whose task was dropped are forgotten.
 *
 * <p><b>Threads:</b> from any thread; nothing is read under the lock.
 */
final class UnreadResults {
    private final Set<Undecoded> results = Collections.newSetFromMap(new WeakHashMap<>()); // guarded by this

    /** One has come. */
    synchronized void add(Undecoded result) {
        results.add(result);
    }

    /** It is being read. */
    synchronized void remove(Undecoded result) {
        results.remove(result);
    }

    private synchronized List<Undecoded> takeAll() {
        List<Undecoded> all = List.copyOf(results);
        results.clear();
        return all;
    }

    /** Reads them all, each to its result or its failure. */
    void readAll() {
        takeAll().forEach(Undecoded::result);
    }
}
