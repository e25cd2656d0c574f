// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.task;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.processional.engine.Log;

/**
 * Where code of users runs that nobody waits for: dependents of futures.
 *
 * <p><b>Threads:</b> daemon threads that end after 10 idle seconds.
 */
public final class Completions {
    /** A cached pool. */
    public static final Executor POOL = pool();

    private Completions() {}

    /** Runs work on the pool; in the calling thread if the pool cannot, since otherwise somebody would wait for ever. */
    public static void run(Runnable work) {
        try {
            POOL.execute(work);
        } catch (Throwable e) { // no thread could be made
            Log.engine().error("dependents of a task run in the thread that ended it, since there is no other", e);
            work.run();
        }
    }

    private static Executor pool() {
        AtomicInteger count = new AtomicInteger();
        return new ThreadPoolExecutor(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), work -> {
            String name = "processional-completion-" + count.incrementAndGet();
            return Daemons.make(name, work);
        });
    }
}
