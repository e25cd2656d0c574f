// SPDX-License-Identifier: Apache-2.0
package org.processional.tck.memory;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.processional.spi.Listener;
import org.processional.spi.PollableConnection;
import org.processional.spi.WaitSet;

/**
 * Waits on one {@link Bell} that all members ring.
 *
 * <p><b>Threads:</b> as {@link WaitSet} says.
 */
final class MemoryWaitSet implements WaitSet {
    private final MemoryClock clock;
    private final Bell bell = new Bell();
    private final Map<Object, Boolean> members = new ConcurrentHashMap<>(); // and whether room is waited for too
    private List<Object> ready = List.of(); // the thread that awaits
    private volatile boolean woken; // set by any, cleared by the thread that awaits
    private volatile boolean closed; // set once

    MemoryWaitSet(MemoryClock clock) {
        this.clock = clock;
    }

    @Override
    public void add(PollableConnection connection) throws IOException {
        MemoryConnection own = own(connection);
        own.watch(bell); // first: what happens from now on is heard
        members.putIfAbsent(own, false);
        if (own.isClosed() || closed) {
            remove(own);
            throw new IOException(own.isClosed() ? own + " is closed" : "the wait set is closed");
        }
        bell.ring();
    }

    @Override
    public void add(Listener listener) throws IOException {
        if (!(listener instanceof MemoryListener own)) {
            throw foreign(listener);
        }
        own.watch(bell);
        members.putIfAbsent(own, false);
        if (own.isClosed() || closed) {
            forget(own);
            throw new IOException(own.isClosed() ? own + " is closed" : "the wait set is closed");
        }
        bell.ring();
    }

    private static MemoryConnection own(PollableConnection connection) {
        if (connection instanceof MemoryConnection own) {
            return own;
        }
        throw foreign(connection);
    }

    private static IllegalArgumentException foreign(Object member) {
        return new IllegalArgumentException(
                member + " does not belong to the transport mem; use the wait set of its own transport");
    }

    @Override
    public void remove(PollableConnection connection) {
        forget(own(connection));
    }

    private void forget(Object member) {
        if (members.remove(member) != null) {
            if (member instanceof MemoryConnection connection) {
                connection.unwatch(bell);
            } else if (member instanceof MemoryListener listener) {
                listener.unwatch(bell);
            }
        }
    }

    @Override
    public void writable(PollableConnection connection, boolean wanted) {
        if (members.replace(own(connection), wanted) != null) {
            bell.ring();
        }
    }

    @Override
    public void await(long nanos) throws IOException {
        long deadline = nanos == Long.MAX_VALUE ? 0 : clock.nanos() + nanos;
        while (true) {
            long next = look();
            if (closed) {
                throw new IOException("the wait set is closed");
            }
            long left = nanos == Long.MAX_VALUE ? Long.MAX_VALUE : deadline - clock.nanos();
            if (woken || next == 0 || left <= 0 || Thread.currentThread().isInterrupted()) {
                woken = false;
                return;
            }
            try {
                clock.await(bell, Math.min(left, next));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Finds who is ready; returns how long until somebody may be, 0 if somebody is. */
    private long look() {
        List<Object> found = new ArrayList<>();
        long next = Long.MAX_VALUE;
        for (Map.Entry<Object, Boolean> member : members.entrySet()) {
            long nanos = nanosToReady(member.getKey(), member.getValue());
            if (nanos == 0) {
                found.add(member.getKey());
            }
            next = Math.min(next, nanos);
        }
        ready = found;
        return next;
    }

    private long nanosToReady(Object member, boolean orWritable) {
        if (member instanceof MemoryConnection connection) {
            if (connection.isClosed()) {
                forget(connection); // by itself, after one last word
                return 0;
            }
            return orWritable && connection.isWritable() ? 0 : connection.nanosToReadable(clock.nanos());
        }
        MemoryListener listener = (MemoryListener) member;
        if (listener.isClosed()) {
            forget(listener);
        }
        return listener.isReady() ? 0 : Long.MAX_VALUE;
    }

    @Override
    public boolean isReady(Object member) {
        return isIn(ready, member) || member instanceof MemoryConnection connection && connection.isClosed();
    }

    private static boolean isIn(List<Object> some, @Nullable Object member) {
        for (Object one : some) {
            if (one == member) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void wakeUp() {
        woken = true;
        bell.ring();
    }

    @Override
    public void close() {
        closed = true;
        bell.ring();
        List.copyOf(members.keySet()).forEach(this::forget);
    }
}
