// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.processional.ConnectionException;
import org.processional.Limits;
import org.processional.SlaveClosedException;
import org.processional.engine.task.Completions;
import org.processional.spi.Connection;
import org.processional.spi.InputFilter;

/**
 * The end of a connection that this process opened to ask things of another.
 *
 * <p><b>Threads:</b> as {@link Requests} says.
 */
public final class OutgoingPeer implements Requests {
    /** Knows more about the process at the other end. */
    public interface Owner {
        /** Why the connection has ended, in words for users; may wait for the end of the process. */
        Throwable explain(Peer peer, Throwable why);

        /** How long the process may be silent while something is awaited of it; null for ever. */
        default @Nullable Duration silenceLimit() {
            return null;
        }

        /** The process was silent for longer than that; false if nothing was done to end it. May wait. */
        default boolean endSilent(String why) {
            return false;
        }

        /** Kills the process; null if this process did not start it. */
        default @Nullable Killer killer() {
            return null;
        }

        /** Where records of the process go that it logs; null for nowhere. */
        default @Nullable SlaveLog log() {
            return null;
        }

        /** The connection has ended; may wait. */
        default void lost() {}
    }

    private final Owner owner;
    private final CodeOffer offer;
    private final Policy policy;
    private final OwnThreads threads; // of calls of exported objects that wait for nothing
    private final Set<Request> running = ConcurrentHashMap.newKeySet(); // or waiting to run

    private OutgoingPeer(Owner owner, CodeOffer offer, InputFilter filter, Limits limits) {
        this.owner = owner;
        this.policy = Policy.of(false, filter, limits);
        this.threads = new OwnThreads(limits.threads());
        this.offer = offer;
    }

    /**
     * Greets the other end and begins to receive.
     *
     * @throws ConnectionException if it refuses
     * @throws IOException if the connection breaks
     */
    public static Peer connect(
            Connection connection,
            @Nullable Reading reading,
            Handshake.Terms terms,
            Duration limit,
            Owner owner,
            CodeOffer offer)
            throws IOException {
        return connect(connection, reading, terms, limit, owner, offer, Limits.defaults());
    }

    /** The same, with limits of what the other end may take of this process. */
    static Peer connect(
            Connection connection,
            @Nullable Reading reading,
            Handshake.Terms terms,
            Duration limit,
            Owner owner,
            CodeOffer offer,
            Limits limits)
            throws IOException {
        Peer peer;
        try {
            Handshake.Partner partner = Handshake.connect(connection, terms, limit);
            OutgoingPeer requests = new OutgoingPeer(owner, offer, terms.filter(), limits);
            peer = new Peer(connection, reading, requests, partner);
        } catch (IOException | RuntimeException | Error e) {
            connection.close();
            throw e;
        }
        try {
            peer.start();
            if (owner.log() != null) {
                peer.sendControl(Frames.LISTENS, 0, 0, null);
            }
            return peer;
        } catch (IOException | RuntimeException | Error e) { // no more threads, for example: nobody may find it
            peer.lost(e);
            throw e;
        }
    }

    @Override
    public void add(Request request) {
        Home home = request.home();
        if (request.object() == 0) {
            Completions.run(() -> request.refuse(new ConnectionException("process " + Identity.PID
                    + " is a client, and serves nothing but calls of objects that it exported")));
        } else if (request.kind() == Frames.THREAD) {
            if (threads.begin(request)) {
                beside(request);
                Completions.run(request);
            }
        } else if (home == null) { // it was released, which the request finds out
            beside(request);
            Completions.run(request);
        } else {
            beside(request);
            home.add(request);
        }
    }

    @Override
    public void beside(Request request) {
        if (request.countsNow()) {
            running.add(request);
        }
    }

    @Override
    public ClassLoader loader(Exports.@Nullable Entry entry) {
        ClassLoader loader = entry == null ? null : entry.loader;
        return loader == null ? ClassLoader.getSystemClassLoader() : loader;
    }

    @Override
    public Policy policy() {
        return policy;
    }

    @Override
    public CodeOffer offer() {
        return offer;
    }

    @Override
    public @Nullable Home home() {
        return null;
    }

    @Override
    public void offerTo(Chains.Member member) {
        for (Request request : running) {
            request.offerTo(member);
        }
    }

    @Override
    public void about(Peer peer, long ticket, int kind, int flags) {
        for (Request request : running) {
            request.about(peer, ticket, kind, flags);
        }
    }

    @Override
    public void ended(Request request) {
        if (running.remove(request) && request.kind() == Frames.THREAD) {
            threads.ended();
        }
    }

    @Override
    public @Nullable Duration silenceLimit() {
        return owner.silenceLimit();
    }

    @Override
    public void silentTooLong(Peer peer, String why) {
        if (!owner.endSilent(why)) {
            Requests.super.silentTooLong(peer, why);
        }
    }

    @Override
    public void logged(Peer peer, @Nullable String task, ByteBuffer body) {
        SlaveLog log = owner.log();
        if (log != null) {
            log.arrived(peer.partner().pid(), task, body);
        }
    }

    @Override
    public void lost(Peer peer, Throwable why) {
        if (why instanceof SlaveClosedException) {
            peer.failPending(why);
        } else {
            Completions.run(() -> {
                peer.failPending(explained(peer, why));
                owner.lost();
            });
        }
    }

    /** Nobody may wait for ever because the explanation fails. */
    private Throwable explained(Peer peer, Throwable why) {
        try {
            return owner.explain(peer, why);
        } catch (RuntimeException | Error e) {
            Throwable told = new ConnectionException("the connection to " + peer.remoteName() + " was lost", why);
            told.addSuppressed(e);
            return told;
        }
    }

    @Override
    public @Nullable Killer killer() {
        return owner.killer();
    }

    @Override
    public Throwable explain(Peer peer, Throwable why) {
        return owner.explain(peer, why);
    }
}
