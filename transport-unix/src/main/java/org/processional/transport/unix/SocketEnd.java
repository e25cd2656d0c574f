// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.unix;

import java.nio.channels.SelectableChannel;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What a wait set can hold: a connection or a listener. It knows its wait sets, so that closing it wakes them; and a
 * channel keeps its descriptor until its selectors have let go of it.
 *
 * <p><b>Threads:</b> all methods from any thread.
 */
abstract class SocketEnd {
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CopyOnWriteArrayList<UnixWaitSet> waitSets = new CopyOnWriteArrayList<>();

    /** The channel to register. */
    abstract SelectableChannel channel();

    /** What to be ready for, as bits of {@link java.nio.channels.SelectionKey}. */
    abstract int interest();

    /** The sockets whose selector can hold the channel. */
    abstract Sockets sockets();

    final boolean isClosed() {
        return closed.get();
    }

    /** Marks this end as closed, before its channel is; true for the first caller alone. */
    final boolean markClosed() {
        return closed.compareAndSet(false, true);
    }

    /** Takes this end out of all its wait sets and wakes them, after its channel was closed. */
    final void leaveWaitSets() {
        for (UnixWaitSet set : waitSets) {
            set.memberClosed(this);
        }
    }

    /** Remembers a wait set. Whoever calls it asks {@link #isClosed()} afterwards: one of the two sees the other. */
    final void joined(UnixWaitSet set) {
        waitSets.add(set);
    }

    final void left(UnixWaitSet set) {
        waitSets.remove(set);
    }
}
