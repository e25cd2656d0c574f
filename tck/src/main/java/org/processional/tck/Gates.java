// SPDX-License-Identifier: Apache-2.0
package org.processional.tck;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What functions of the rules meet each other by: things of this JVM, named, since the functions travel and things do
 * not.
 *
 * <p><b>Threads:</b> everything from any thread.
 */
final class Gates {
    private static final Map<String, CountDownLatch> LATCHES = new ConcurrentHashMap<>();
    private static final Map<String, List<Object>> LISTS = new ConcurrentHashMap<>();
    private static final AtomicInteger NEXT = new AtomicInteger();

    private Gates() {}

    /** A name that no other rule uses. */
    static String fresh() {
        return "gate-" + NEXT.incrementAndGet();
    }

    private static CountDownLatch latch(String name) {
        return LATCHES.computeIfAbsent(name, any -> new CountDownLatch(1));
    }

    /** Opens a gate for ever. */
    static void open(String name) {
        latch(name).countDown();
    }

    static boolean isOpen(String name) {
        return latch(name).getCount() == 0;
    }

    /** Waits for a gate to open. */
    static void pass(String name) throws InterruptedException {
        if (!latch(name).await(Eventually.limit().toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("nobody opened " + name);
        }
    }

    /** Says that it is here, then waits. */
    static void meet(String here, String there) throws InterruptedException {
        open(here);
        pass(there);
    }

    /** What was noted under a name. */
    static List<Object> notes(String name) {
        return LISTS.computeIfAbsent(name, any -> new CopyOnWriteArrayList<>());
    }

    static void note(String name, Object what) {
        notes(name).add(what);
    }
}
