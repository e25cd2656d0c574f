// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.processional.engine.log.Entry;
import org.processional.engine.log.ToMaster;
import org.processional.engine.task.Timers;
import org.processional.spi.FrameOutput;
import org.slf4j.event.Level;

/**
 * Sends what this process logs to its master, in frames that nobody answers; those of a task go before its answer. While the
 * master takes too little, records are left out and counted, and a record says so before the next one, or after a second.
 *
 * <p><b>Threads:</b> from any thread; nobody waits here.
 */
public final class LogSender implements ToMaster.Way {
    private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Peer peer;
    private final AtomicInteger leftOut = new AtomicInteger();
    private final AtomicBoolean telling = new AtomicBoolean(); // a timer is set

    /** A way to the master at the other end of a connection. */
    public LogSender(Peer peer) {
        this.peer = peer;
    }

    @Override
    public boolean take(Entry entry) {
        if (!peer.isOpen()) {
            return false;
        }
        if (peer.hasMuchRoom()) {
            tellLeftOut();
            send(entry);
        } else {
            leftOut.incrementAndGet();
            tellLater();
        }
        return true;
    }

    @Override
    public int leftOut() {
        return leftOut.get() == 0 ? 0 : leftOut.getAndSet(0);
    }

    private void send(Entry entry) {
        FrameOutput out = peer.output();
        Frames.begin(out, Frames.RECORD, 0, peer.generation(), RequestBody.currentTicket(peer), 0);
        LogBody.write(entry, out);
        peer.answer(out, List.of(), entry.level().toInt() < Level.WARN.toInt());
    }

    private void tellLeftOut() {
        int count = leftOut();
        if (count > 0) {
            send(new Entry(
                    Level.WARN,
                    "org.processional.engine",
                    Thread.currentThread().getName(),
                    count
                            + " records of this process were left out here: its master took too little of what it is sent",
                    Map.of(),
                    null));
        }
    }

    private void tellLater() {
        if (telling.compareAndSet(false, true)) {
            var unused = Timers.after(TELL_NANOS, this::tellNow); // it looks whether it is still wanted
        }
    }

    private void tellNow() {
        telling.set(false);
        if (leftOut.get() == 0 || !peer.isOpen()) {
            return;
        }
        if (peer.hasMuchRoom()) {
            tellLeftOut();
        } else {
            tellLater();
        }
    }
}
