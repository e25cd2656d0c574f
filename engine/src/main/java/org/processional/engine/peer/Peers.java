// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The open connections of this process.
 *
 * <p><b>Threads:</b> from any thread.
 */
public final class Peers {
    private static final Set<Peer> OPEN = ConcurrentHashMap.newKeySet();

    private Peers() {}

    /** Whether this process is connected to another. */
    public static boolean isConnectedTo(String id) {
        return to(id) != null;
    }

    /** A connection to a process; null if there is none. */
    static @Nullable Peer to(String id) {
        for (Peer peer : OPEN) {
            if (peer.partner().id().equals(id) && peer.isOpen()) {
                return peer;
            }
        }
        return null;
    }

    /** All of them. */
    static Set<Peer> all() {
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
