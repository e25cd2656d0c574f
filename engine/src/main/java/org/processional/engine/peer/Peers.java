// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The open connections of this process.
 *
 * <p><b>Threads:</b> from any thread.
 */
public final class Peers {
    private static final List<Peer> OPEN = new CopyOnWriteArrayList<>(); // the oldest first

    private Peers() {}

    /** Whether this process is connected to another. */
    public static boolean isConnectedTo(String id) {
        return to(id) != null;
    }

    /**
     * Waits until the other end of a new connection serves it: from then on the proxies of objects of this process that
     * arrive there are counted at once.
     */
    public static void awaitService(String id) {
        Peer peer = to(id);
        if (peer != null) {
            peer.sees(""); // any question that its reader answers
        }
    }

    /** The oldest connection to a process, so that the calls of its objects stay in order; null if there is none. */
    static @Nullable Peer to(String id) {
        for (Peer peer : OPEN) {
            if (peer.partner().id().equals(id) && peer.isOpen()) {
                return peer;
            }
        }
        return null;
    }

    /** Offers the nested calls that have gone home to the thread of their chain. */
    static void offerTo(Chains.Member member) {
        for (Peer peer : OPEN) {
            peer.offerTo(member);
        }
    }

    /** All of them. */
    static List<Peer> all() {
        return OPEN;
    }

    static void add(Peer peer) {
        OPEN.add(peer);
        if (!peer.isOpen()) { // it was lost meanwhile, and nobody else would take it out
            OPEN.remove(peer);
        }
    }

    static void remove(Peer peer) {
        OPEN.remove(peer);
    }
}
