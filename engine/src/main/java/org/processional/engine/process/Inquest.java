// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.processional.SlaveDiedException;

/**
 * Finds out once why a process has died, for all who ask. The end of the process is waited for once as well: where it has not
 * come by then, who asks later looks without waiting.
 *
 * <p><b>Threads:</b> from any thread; the lock is held while one of them looks.
 */
final class Inquest {
    private static final Duration LONGEST = Duration.ofSeconds(2);

    private final ReentrantLock lock = new ReentrantLock(); // virtual threads may wait for it
    private @Nullable SlaveDiedException found; // guarded by lock
    private boolean waited; // guarded by lock

    /**
     * Why it has died.
     *
     * @param look looks, and waits for the end of the process at most as long as it is told
     * @return null if it is not known to have ended
     */
    @Nullable
    SlaveDiedException ask(Function<Duration, @Nullable SlaveDiedException> look) {
        lock.lock();
        try {
            if (found == null) {
                found = look.apply(waited ? Duration.ZERO : LONGEST);
                waited |= !Thread.currentThread().isInterrupted(); // who was interrupted has not waited
            }
            return found;
        } finally {
            lock.unlock();
        }
    }
}
