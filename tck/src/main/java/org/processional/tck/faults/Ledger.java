// SPDX-License-Identifier: Apache-2.0
package org.processional.tck.faults;

import java.io.IOException;
import java.io.Serial;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.processional.Proxy;

/**
 * What ran in this process, run by run; and the functions that callers send, which write it down first.
 *
 * <p><b>Threads:</b> everything from any thread.
 *
 * @since 0.1
 */
public final class Ledger {
    private static final Map<String, Book> RUNS = new ConcurrentHashMap<>();

    private Ledger() {}

    /** The failure that a function was to throw. */
    public static final class Intended extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1L;

        /** The task. */
        final long key;

        Intended(long key) {
            super("intended failure of task " + key);
            this.key = key;
        }
    }

    /** An object that is called by proxies. */
    public static final class Partner {
        private final Queue<Long> calls = new ConcurrentLinkedQueue<>();

        /** One that was not called yet. */
        public Partner() {}

        /** Takes part in a call that goes to and fro. */
        long bounce(Proxy<Partner> here, Proxy<Partner> there, int depth, long key) {
            calls.add(key);
            return depth == 0 ? value(key) : there.call(other -> other.bounce(there, here, depth - 1, key));
        }

        /** How often a task has called this object. */
        int calls(long key) {
            return (int) calls.stream().filter(call -> call == key).count();
        }
    }

    /** What a task is to give. */
    static long value(long key) {
        return key * 31 + 7;
    }

    /** Begins a run, or begins it again. */
    public static void begin(String run) {
        RUNS.put(run, Book.inMemory());
    }

    /**
     * Begins a run whose tasks are written down in a file, where they are found also when this process is gone.
     *
     * @throws IOException if the file cannot be opened
     */
    static void begin(String run, String file) throws IOException {
        RUNS.put(run, FileBook.open(Path.of(file)));
    }

    /** Ends a run: which tasks ran in this process, in the order in which they began. */
    public static List<Long> end(String run) {
        Book ran = RUNS.remove(run);
        return ran == null ? List.of() : ran.keys();
    }

    private static void note(String run, long key) {
        Book ran = RUNS.get(run);
        if (ran != null) { // else the run is over, and the task is one that nobody waits for any more
            ran.note(key);
        }
    }

    static long give(String run, long key) {
        note(run, key);
        return value(key);
    }

    static long fail(String run, long key) {
        note(run, key);
        throw new Intended(key);
    }

    /** Takes its time, and heeds interrupts. */
    static long linger(String run, long key, int micros) throws InterruptedException {
        note(run, key);
        LockSupport.parkNanos(micros * 1000L);
        if (Thread.interrupted()) {
            throw new InterruptedException("task " + key);
        }
        return value(key);
    }

    static long[] large(String run, long key, long[] numbers) {
        note(run, key);
        long[] answer = numbers.clone();
        answer[0] = value(key);
        return answer;
    }

    static long bounce(String run, long key, Proxy<Partner> here, Proxy<Partner> there, int depth) {
        note(run, key);
        return here.get().bounce(here, there, depth, key);
    }
}
