// SPDX-License-Identifier: Apache-2.0
package org.processional.spi.channel;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.processional.spi.Listener;

/**
 * Accepts connections at a channel that never blocks; whoever must wait does so in a selector.
 *
 * <p><b>Threads:</b> as {@link Listener} says.
 *
 * @since 0.1
 */
public abstract class ChannelListener extends ChannelEnd implements Listener {
    private final SelectableChannel channel;
    private volatile @Nullable ChannelWaitSet acceptWait; // made by the accepting thread, closed by any

    /**
     * Takes over a listening channel.
     *
     * @param kind what made the channel
     * @param channel bound, and non-blocking
     */
    protected ChannelListener(ChannelKind kind, SelectableChannel channel) {
        super(kind);
        this.channel = channel;
    }

    /**
     * The next connection of somebody who is allowed.
     *
     * @return null if nobody waits
     */
    protected abstract @Nullable ChannelConnection acceptNow() throws IOException;

    /** Closes the channel and removes what the address left in the system; called once. */
    protected abstract void closeChannel();

    /** The address, for messages. */
    protected abstract String where();

    @Override
    public final @Nullable ChannelConnection accept(Duration wait) throws IOException {
        try {
            return acceptWithin(Waits.nanos(wait));
        } catch (IOException e) {
            if (isClosed() || e instanceof ClosedChannelException) {
                throw new IOException("the listener at " + where() + " is closed", e);
            }
            throw new IOException("cannot accept at " + where() + ": " + e.getMessage(), e);
        }
    }

    private @Nullable ChannelConnection acceptWithin(long nanos) throws IOException {
        long start = System.nanoTime();
        while (true) {
            ChannelConnection connection = acceptNow();
            if (connection != null || nanos == 0) {
                return connection;
            }
            long left = Waits.left(nanos, start);
            if (left == 0 || Thread.currentThread().isInterrupted()) {
                return null;
            }
            acceptWait().await(left);
        }
    }

    private ChannelWaitSet acceptWait() throws IOException {
        ChannelWaitSet wait = acceptWait;
        if (wait == null) {
            wait = new ChannelWaitSet(kind());
            acceptWait = wait;
            try {
                wait.add(this);
            } catch (IOException e) {
                wait.close();
                throw e;
            }
        }
        return wait;
    }

    @Override
    public final void close() {
        if (!markClosed()) {
            return;
        }
        closeChannel();
        leaveWaitSets();
        Waits.close(acceptWait);
    }

    @Override
    final SelectableChannel channel() {
        return channel;
    }

    @Override
    final int interest() {
        return SelectionKey.OP_ACCEPT;
    }

    @Override
    public final String toString() {
        return "listener at " + where();
    }
}
