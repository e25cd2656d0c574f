// SPDX-License-Identifier: Apache-2.0
package org.processional.spi.channel;

import java.nio.channels.SelectableChannel;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What a wait set can hold: a connection or a listener. It knows its wait sets, so that closing it wakes them; and a
 * channel keeps its descriptor until its selectors have let go of it.
 *
 * <p><b>Threads:</b> all methods from any thread.
 *
 * @since 0.1
 */
public abstract class ChannelEnd {
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CopyOnWriteArrayList<ChannelWaitSet> waitSets = new CopyOnWriteArrayList<>();
    private final ChannelKind kind;

    ChannelEnd(ChannelKind kind) {
        this.kind = kind;
    }

    /** The channel to register. */
    abstract SelectableChannel channel();

    /** What to be ready for, as bits of {@link java.nio.channels.SelectionKey}. */
    abstract int interest();

    /** The kind of the channel, whose selector can hold it. */
    final ChannelKind kind() {
        return kind;
    }

    /** Whether it was closed here. */
    public final boolean isClosed() {
        return closed.get();
    }

    /** Marks this end as closed, before its channel is; true for the first caller alone. */
    final boolean markClosed() {
        return closed.compareAndSet(false, true);
    }

    /** Takes this end out of all its wait sets and wakes them, after its channel was closed. */
    final void leaveWaitSets() {
        for (ChannelWaitSet set : waitSets) {
            set.memberClosed(this);
        }
    }

    /** Remembers a wait set. Whoever calls it asks {@link #isClosed()} afterwards: one of the two sees the other. */
    final void joined(ChannelWaitSet set) {
        waitSets.add(set);
    }

    final void left(ChannelWaitSet set) {
        waitSets.remove(set);
    }
}
