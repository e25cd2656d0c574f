// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.util.concurrent.atomic.AtomicInteger;
import org.processional.SlaveFullException;
import org.processional.engine.task.Completions;

/**
 * How many requests run in threads of their own, at most as many as a limit says.
 *
 * <p><b>Threads:</b> from any thread.
 */
final class OwnThreads {
    private final int most;
    private final AtomicInteger running = new AtomicInteger();

    OwnThreads(int most) {
        this.most = most;
    }

    /** Counts a request that is about to get a thread; one too many is refused, and false is given. */
    boolean begin(Request request) {
        if (running.incrementAndGet() <= most) {
            return true;
        }
        running.decrementAndGet();
        Completions.run(() -> request.refuse(new SlaveFullException("process " + Identity.PID + " runs " + most
                + " functions in threads of their own, as many as its limit threads allows; await some, schedule"
                + " them in its queue, or raise it there")));
        return false;
    }

    /** One that was counted has ended. */
    void ended() {
        running.decrementAndGet();
    }
}
