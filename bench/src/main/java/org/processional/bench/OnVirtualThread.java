// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.HdrHistogram.Histogram;

/**
 * Another way, whose caller is a virtual thread.
 *
 * <p><b>Threads:</b> one thread uses it, and waits for the virtual one.
 */
record OnVirtualThread(Way way) implements Way {
    private static final int SINCE = 21;

    /** Whether this JVM has virtual threads. */
    static boolean isAvailable() {
        return Runtime.version().feature() >= SINCE;
    }

    @Override
    public void begin() {
        way.begin();
    }

    @Override
    public long step() throws Exception {
        FutureTask<Long> task = new FutureTask<>(way::step);
        start(task);
        return result(task);
    }

    @Override
    public void run(long nanos, long pauseMillis, Histogram times) throws Exception {
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            way.run(nanos, pauseMillis, times);
            return true;
        });
        start(task);
        result(task);
    }

    @Override
    public boolean allocatesHere() {
        return false; // the virtual thread does
    }

    private static <T> T result(FutureTask<T> task) throws Exception {
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception failure ? failure : e;
        }
    }

    private static void start(Runnable task) {
        try {
            Method start = Thread.class.getMethod("startVirtualThread", Runnable.class); // not in the baseline
            start.invoke(null, task);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("virtual threads need Java " + SINCE, e);
        }
    }

    @Override
    public void end() {
        way.end();
    }

    @Override
    public void close() {
        way.close();
    }
}
