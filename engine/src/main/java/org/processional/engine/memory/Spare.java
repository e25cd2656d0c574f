// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.memory;

import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.processional.engine.task.Completions;
import org.processional.engine.task.Timers;

/**
 * The segment of the last huge value, kept for another one for a while: new memory costs 200 ms for 64 MiB where the system
 * has to get it from the host of a virtual machine. It is not kept where others would miss it.
 *
 * <p><b>Threads:</b> everything from any thread.
 */
final class Spare {
    private static final long LARGEST_BYTES = 256L << 20;

    /** So many times its size must be free beside it. */
    private static final int ROOM_BESIDE = 3;

    private final Flights flights;
    private final long nanos;
    private @Nullable MappedMemory memory; // guarded by this, as the next two
    private @Nullable Future<?> end;
    private boolean closed;

    /**
     * Nothing yet.
     *
     * @param flights the way of what is in it
     * @param nanos how long it is kept
     */
    Spare(Flights flights, long nanos) {
        this.flights = flights;
        this.nanos = nanos;
    }

    /** A handle of the caller's own, counted as on its way; null if there is none that fits and that nobody reads. */
    synchronized @Nullable MappedMemory take(long bytes) {
        MappedMemory kept = memory;
        if (kept == null || !kept.isFreeFor(bytes)) {
            return null;
        }
        awaitEnd();
        Segments.depart(kept.segment().file(), flights);
        return kept.another();
    }

    /** Keeps another one in its place. */
    void keep(MappedMemory made) {
        if (made.size() <= LARGEST_BYTES && Segments.usableBytes() >= ROOM_BESIDE * made.size()) {
            close(exchange(made));
        }
    }

    private synchronized @Nullable MappedMemory exchange(MappedMemory made) {
        if (closed) {
            return null;
        }
        awaitEnd();
        MappedMemory before = memory;
        memory = made.another();
        return before;
    }

    private void awaitEnd() { // guarded by this
        if (end != null) {
            end.cancel(false);
        }
        end = Timers.after(nanos, () -> Completions.run(this::drop)); // to remove a file takes a while
    }

    /** Gives it up; one that is on its way lingers until it has arrived. */
    void drop() {
        close(takeOut());
    }

    private synchronized @Nullable MappedMemory takeOut() {
        if (end != null) {
            end.cancel(false);
            end = null;
        }
        MappedMemory before = memory;
        memory = null;
        return before;
    }

    private static void close(@Nullable MappedMemory before) {
        if (before != null) {
            before.close();
        }
    }

    /** Keeps nothing any more. */
    void close() {
        synchronized (this) {
            closed = true;
        }
        drop();
    }
}
