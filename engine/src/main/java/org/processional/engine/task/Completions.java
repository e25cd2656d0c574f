// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.task;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where code of users runs that nobody waits for: dependents of futures.
 *
 * <p><b>Threads:</b> daemon threads that end after 10 idle seconds.
 */
public final class Completions {
    /** A cached pool. */
    public static final Executor POOL = pool();

    private Completions() {}

    private static Executor pool() {
        AtomicInteger count = new AtomicInteger();
        return new ThreadPoolExecutor(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), work -> {
            Thread thread = new Thread(work, "processional-completion-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }
}
