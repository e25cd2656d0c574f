// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.processional.ConnectionException;
import org.processional.SlaveClosedException;
import org.processional.engine.task.Completions;
import org.processional.spi.Connection;

/**
 * The end of a connection that this process opened to ask things of another.
 *
 * <p><b>Threads:</b> as {@link Requests} says.
 */
public final class OutgoingPeer implements Requests {
    /** Knows more about the process at the other end. */
    public interface Owner {
        /** Why the connection has ended, in words for users; may wait for the end of the process. */
        Throwable explain(Throwable why);
    }

    private final Owner owner;
    private final Exports exports = new Exports();

    private OutgoingPeer(Owner owner) {
        this.owner = owner;
    }

    /**
     * Greets the other end and begins to receive.
     *
     * @throws ConnectionException if it refuses
     * @throws IOException if the connection breaks
     */
    public static Peer connect(
            Connection connection, @Nullable Reading reading, Handshake.Terms terms, Duration limit, Owner owner)
            throws IOException {
        try {
            Handshake.Partner partner = Handshake.connect(connection, terms, limit);
            Peer peer = new Peer(connection, reading, new OutgoingPeer(owner), partner);
            peer.start();
            return peer;
        } catch (IOException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public void add(Request request) {
        Completions.run(() -> request.refuse(
                new ConnectionException("process " + Identity.PID + " is a client, and serves nothing")));
    }

    @Override
    public void about(Peer peer, long ticket, int kind, int flags) {
        // there is nothing here that could be cancelled: every request was refused
    }

    @Override
    public void ended(Request request) {
        // nothing is kept
    }

    @Override
    public void lost(Peer peer, Throwable why) {
        if (why instanceof SlaveClosedException) {
            peer.failPending(why);
        } else {
            Completions.run(() -> peer.failPending(owner.explain(why)));
        }
    }

    @Override
    public Throwable explain(Peer peer, Throwable why) {
        return owner.explain(why);
    }

    @Override
    public Control control() {
        return new Control() {
            @Override
            public void detach() {}

            @Override
            public void persist() {}

            @Override
            public void stop() {}
        };
    }

    @Override
    public Exports exports() {
        return exports;
    }
}
