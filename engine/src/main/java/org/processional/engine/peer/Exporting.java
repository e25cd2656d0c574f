// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.processional.Export;
import org.processional.Proxy;
import org.processional.ShippedClass;
import org.processional.engine.task.Completions;

/**
 * What users do with the objects of this process.
 *
 * <p><b>Threads:</b> from any thread.
 */
public final class Exporting {
    private Exporting() {}

    /**
     * Makes an object reachable for others.
     *
     * @param executor what calls run on where nobody waits in their chain; null for a pool
     * @param lookup may call methods of the object that the engine may not; null for none
     */
    public static <T> Proxy<T> export(T object, @Nullable Executor executor, MethodHandles.@Nullable Lookup lookup) {
        Objects.requireNonNull(object, "the object to export is null");
        Home home = new Lanes(executor == null ? Completions.POOL : executor);
        return new OwnedProxy<>(Exports.HERE.export(object, home, lookup), true);
    }

    /** The classes that came from clients, by client. */
    public static List<ShippedClass> code() {
        List<ShippedClass> all = new ArrayList<>();
        Peers.all().forEach(peer -> all.addAll(peer.clientCode().shipped()));
        return all;
    }

    /** Forgets the classes of the client whose request the calling thread runs; returns their number. */
    public static int evictCode() {
        Peer peer = RequestBody.currentPeer();
        return peer == null ? 0 : peer.clientCode().evict();
    }

    /** The objects that are kept for others. */
    public static List<Export> exports() {
        return Exports.HERE.list();
    }
}
