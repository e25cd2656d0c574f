// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.processional.engine.Log;
import org.processional.engine.log.Entry;
import org.processional.engine.task.Completions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * What a slave of this process logs, on its way into the log here: in its order, with the names of its loggers, which slave and
 * which task in the text and in what SLF4J calls the MDC.
 *
 * <p>The user's logging may take long, or call the slave: so no thread that reads runs it. What comes faster than it is
 * written is left out, and counted.
 *
 * <p><b>Threads:</b> {@code arrived} by who reads, the rest from any thread. One thread of the pool at a time writes.
 */
public final class SlaveLog {
    /** Writes a record. */
    interface Writer {
        void write(Entry entry, String text, Map<String, String> context);
    }

    /** Bytes of the frames that wait to be written. */
    static final long MOST_BYTES = 8 << 20;

    /** A frame costs at least so much. */
    private static final int LEAST_BYTES = 200;

    /** A logger lives for ever, so a slave gets so many. */
    private static final int MOST_LOGGERS = 1000;

    private static final String OTHERS = "org.processional.slave";

    private final String name;
    private final Writer writer;
    private final ConcurrentLinkedQueue<Arrived> queue = new ConcurrentLinkedQueue<>();
    private final AtomicLong waiting = new AtomicLong(); // bytes
    private final AtomicInteger leftOut = new AtomicInteger();
    private final AtomicBoolean writing = new AtomicBoolean(); // somebody writes, or is about to
    private volatile @Nullable Thread by; // who writes; set by it
    private final Map<String, Logger> loggers = new HashMap<>(); // who writes

    /**
     * What waits to be written.
     *
     * @param pid process id of the slave
     * @param task the task that logged; null for none
     * @param body the record; empty for a mark
     * @param mark counted down when it is reached; null for none
     */
    private record Arrived(
            long pid,
            @Nullable String task,
            ByteBuffer body,
            @Nullable CountDownLatch mark) {
        int cost() {
            return mark == null ? body.remaining() + LEAST_BYTES : 0;
        }
    }

    /** The log of a slave of that name. */
    public SlaveLog(String name) {
        this.name = name;
        this.writer = this::log;
    }

    /** One that writes elsewhere. */
    SlaveLog(String name, Writer writer) {
        this.name = name;
        this.writer = writer;
    }

    /** A record has come. */
    void arrived(long pid, @Nullable String task, ByteBuffer body) {
        Arrived next = new Arrived(pid, task, body, null);
        if (waiting.addAndGet(next.cost()) > MOST_BYTES) {
            waiting.addAndGet(-next.cost());
            leftOut.incrementAndGet();
        } else {
            queue.add(next);
        }
        beginToWrite();
    }

    /** Waits until what has come by now is written, at most a time; an interrupt ends the wait and stays set. */
    public void await(Duration limit) {
        boolean done = queue.isEmpty() && !writing.get(); // in this order: who writes has taken the last from the queue
        if (done || by == Thread.currentThread()) {
            return;
        }
        CountDownLatch mark = new CountDownLatch(1);
        queue.add(new Arrived(0, null, ByteBuffer.allocate(0), mark));
        beginToWrite();
        try {
            if (!mark.await(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                Log.engine().debug("records of {} are still being written after {}", name, limit);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void beginToWrite() {
        if (!writing.compareAndSet(false, true)) {
            return;
        }
        try {
            Completions.POOL.execute(this::writeAll);
        } catch (RejectedExecutionException | OutOfMemoryError e) { // no thread: the next record may find one
            writing.set(false);
        }
    }

    private void writeAll() {
        do {
            by = Thread.currentThread();
            try {
                writeQueue();
                tellLeftOut();
            } catch (RuntimeException | Error e) { // the logging fails even to say that it does; later, perhaps
                leftOut.incrementAndGet();
            } finally {
                by = null;
                writing.set(false); // then it looks once more: who came meanwhile has not begun to write
            }
        } while (!queue.isEmpty() && writing.compareAndSet(false, true));
    }

    private void writeQueue() {
        for (Arrived next = queue.poll(); next != null; next = queue.poll()) {
            waiting.addAndGet(-next.cost());
            CountDownLatch mark = next.mark();
            if (mark == null) {
                write(next);
            } else {
                tellLeftOut(); // who waits for the mark shall have all of it
                mark.countDown();
            }
        }
    }

    private void write(Arrived next) {
        try {
            Entry entry = LogBody.read(next.body());
            String who = name + " " + next.pid();
            String text = next.task() == null ? who : who + ", task " + next.task();
            writer.write(entry, "[" + text + "] " + entry.message(), context(next, entry));
        } catch (RuntimeException | Error e) { // a damaged record, or an appender that fails: the next may do
            Log.engine().warn("a record of {} (process {}) could not be logged", name, next.pid(), e);
        }
    }

    private Map<String, String> context(Arrived next, Entry entry) {
        Map<String, String> context = new HashMap<>(entry.context());
        context.put("slave", name);
        context.put("slave.pid", Long.toString(next.pid()));
        context.put("slave.thread", entry.thread());
        if (next.task() != null) {
            context.put("slave.task", next.task());
        }
        return context;
    }

    private void tellLeftOut() {
        int count = leftOut.getAndSet(0);
        if (count > 0) {
            Log.engine()
                    .warn("{} records of {} were left out: they came faster than they could be logged", count, name);
        }
    }

    private void log(Entry entry, String text, Map<String, String> context) {
        Logger logger = logger(entry.logger());
        if (!logger.isEnabledForLevel(entry.level())) {
            return;
        }
        MDC.setContextMap(context);
        try {
            logger.atLevel(entry.level()).setCause(entry.error()).log(text);
        } finally {
            MDC.clear();
        }
    }

    private Logger logger(String wanted) {
        Logger known = loggers.get(wanted);
        if (known == null) {
            boolean room = loggers.size() < MOST_LOGGERS && !wanted.isEmpty();
            known = LoggerFactory.getLogger(room ? wanted : OTHERS);
            if (room) {
                loggers.put(wanted, known);
            }
        }
        return known;
    }
}
