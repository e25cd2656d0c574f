// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.thread;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.processional.Uninterruptible;

/**
 * The one place where threads are interrupted, and where regions hold that back.
 *
 * <p>A delivery and the opening or closing of a region of the same thread exclude each other by a lock, so that an
 * interrupt comes either before the region, and is taken into it, or is held back, or comes after it: none is lost and
 * none gets through. The locks are a table by thread; none is held while user code runs, except for the closing of an
 * interruptible channel by {@link Thread#interrupt()} itself.
 *
 * <p><b>Threads:</b> deliveries from any thread; regions by the thread that they belong to.
 */
public final class Interrupts {
    private static final ReentrantLock[] LOCKS = new ReentrantLock[32]; // power of two
    private static final Map<Thread, Held> REGIONS = new ConcurrentHashMap<>(); // entries guarded by lock(thread)

    static {
        for (int i = 0; i < LOCKS.length; i++) {
            LOCKS[i] = new ReentrantLock();
        }
    }

    /** What is held back for one thread while a region of it is open. */
    private static final class Held {
        int depth; // guarded by lock(thread)
        boolean byTask; // guarded by lock(thread)
        boolean foreign; // guarded by lock(thread)
    }

    private Interrupts() {}

    /** Interrupts a thread for a task that it runs, now or at the end of its region. */
    public static void deliver(Thread thread) {
        deliver(thread, true);
    }

    /** Interrupts a thread for anybody else. */
    static void deliverForeign(ProcessionalThread thread) {
        deliver(thread, false);
    }

    private static void deliver(Thread thread, boolean byTask) {
        ReentrantLock lock = lock(thread);
        lock.lock();
        try {
            Held held = REGIONS.get(thread);
            if (held == null) {
                interruptNow(thread);
            } else if (byTask) {
                held.byTask = true;
            } else {
                held.foreign = true;
            }
        } finally {
            lock.unlock();
        }
    }

    private static void interruptNow(Thread thread) {
        if (thread instanceof ProcessionalThread own) {
            own.interruptNow();
        } else {
            thread.interrupt();
        }
    }

    /**
     * Forgets an interrupt that was delivered to a task of the calling thread which is over now, whether it is in the
     * flag or held back: what comes after the task must not see it.
     */
    static void forget() {
        Thread thread = Thread.currentThread();
        ReentrantLock lock = lock(thread);
        lock.lock();
        try {
            Thread.interrupted();
            Held held = REGIONS.get(thread);
            if (held != null) {
                held.byTask = false;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Opens a region of the calling thread. A flag that is set already is taken, and kept for the end of the region. */
    public static Uninterruptible open() {
        Thread thread = Thread.currentThread();
        ReentrantLock lock = lock(thread);
        lock.lock();
        try {
            Held held = REGIONS.get(thread);
            if (held == null) {
                held = new Held();
                held.foreign = Thread.interrupted();
                REGIONS.put(thread, held);
            }
            held.depth++;
        } finally {
            lock.unlock();
        }
        return new Region(thread);
    }

    private static void leave(Thread thread) {
        ReentrantLock lock = lock(thread);
        lock.lock();
        try {
            Held held = REGIONS.get(thread);
            if (held != null && --held.depth == 0) {
                REGIONS.remove(thread);
                if (held.byTask || held.foreign) {
                    interruptNow(thread);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends all regions of the calling thread without delivering: its work is over, and it forgot to close them. */
    public static void leaveAll() {
        Thread thread = Thread.currentThread();
        if (!REGIONS.isEmpty() && REGIONS.containsKey(thread)) {
            ReentrantLock lock = lock(thread);
            lock.lock();
            try {
                REGIONS.remove(thread);
            } finally {
                lock.unlock();
            }
        }
    }

    private static ReentrantLock lock(Thread thread) {
        int hash = System.identityHashCode(thread);
        return LOCKS[(hash ^ hash >>> 16) & LOCKS.length - 1];
    }

    private static final class Region implements Uninterruptible {
        private @Nullable Thread thread; // the thread that opened it; null once it is closed

        Region(Thread thread) {
            this.thread = thread;
        }

        @Override
        public void close() {
            Thread opener = thread;
            if (opener == null) {
                return;
            }
            if (opener != Thread.currentThread()) {
                throw new IllegalStateException("a region of thread " + opener.getName() + " was closed by thread "
                        + Thread.currentThread().getName() + "; close it where it was opened");
            }
            thread = null;
            leave(opener);
        }
    }
}
