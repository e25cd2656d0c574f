// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.task;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.processional.engine.EngineTime;
import org.processional.engine.Log;

/**
 * The one thread that waits for time limits and graces, for the whole JVM: a daemon that starts when something is waited
 * for, and ends after 10 seconds with nothing to wait for.
 *
 * <p><b>Threads:</b> from any thread. What is run must not block, nor call code of users.
 */
public final class Timers {
    private static final ScheduledThreadPoolExecutor TIMER = timer();

    private Timers() {}

    private static ScheduledThreadPoolExecutor timer() {
        ScheduledThreadPoolExecutor timer =
                new ScheduledThreadPoolExecutor(1, work -> Daemons.make("processional-timer", work));
        timer.setRemoveOnCancelPolicy(true);
        timer.setKeepAliveTime(10, TimeUnit.SECONDS);
        timer.allowCoreThreadTimeOut(true);
        return timer;
    }

    /**
     * Runs something once, after a time.
     *
     * @return cancels it, and lets go of it
     */
    public static Future<?> after(long nanos, Runnable action) {
        return TIMER.schedule(() -> run(action), EngineTime.system(nanos), TimeUnit.NANOSECONDS);
    }

    /** The pool would keep to itself what is thrown. */
    private static void run(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | Error e) {
            Log.engine().error("what was to be done at a time limit failed", e);
        }
    }
}
