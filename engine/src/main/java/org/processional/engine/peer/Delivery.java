// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.processional.engine.Log;
import org.processional.engine.task.Cleaners;
import org.processional.engine.task.Completions;

/**
 * The bytes of a function, a result or a failure that have come, until somebody reads them. If there are proxies in
 * them, they are read in any case, since each of them was counted; and who sent a result learns that it was read, since
 * it keeps the proxies until then.
 *
 * <p><b>Threads:</b> from any thread.
 */
final class Delivery {
    private final Peer peer;
    private final long ticket; // of an answer; 0 for a function
    private final boolean carries;
    private final ByteBuffer body;
    private final AtomicBoolean read = new AtomicBoolean();

    Delivery(Peer peer, long ticket, int flags, ByteBuffer body) {
        this.peer = peer;
        this.ticket = ticket;
        this.carries = (flags & Frames.CARRIES) != 0;
        this.body = body;
    }

    /** The bytes; for reading what is not of the codec. */
    ByteBuffer body() {
        return body;
    }

    /** Reads an object. */
    @Nullable
    Object object(ClassLoader loader) {
        try {
            return peer.codec().decode(body.duplicate(), loader);
        } finally {
            received();
        }
    }

    /** Reads a failure. */
    Throwable failure(Throwable standIn, ClassLoader loader) {
        try {
            return Failures.read(body, standIn, peer.codec(), loader);
        } finally {
            received();
        }
    }

    private void received() {
        if (carries && read.compareAndSet(false, true) && ticket != 0) {
            peer.sendControl(Frames.RECEIVED, 0, ticket, null);
        }
    }

    /** Nobody will read an object. */
    void discard(ClassLoader loader) {
        discard(() -> object(loader));
    }

    /** Reads an object when its only reader is dropped. */
    void watchObject(Object reader, ClassLoader loader) {
        if (carries) {
            Cleaners.SHARED.register(reader, () -> discard(loader));
        }
    }

    /** Reads a failure when its only reader is dropped. */
    void watchFailure(Object reader, Throwable standIn, ClassLoader loader) {
        if (carries) {
            Cleaners.SHARED.register(reader, () -> discard(() -> failure(standIn, loader)));
        }
    }

    private void discard(Runnable reading) {
        if (carries && !read.get() && peer.isOpen()) {
            Completions.run(() -> readQuietly(reading)); // the proxies are garbage then, and are released
        }
    }

    private static void readQuietly(Runnable reading) {
        try {
            reading.run();
        } catch (RuntimeException | Error e) {
            Log.engine().debug("what nobody wanted could not be read", e);
        }
    }
}
