// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;
import org.processional.engine.task.Cleaners;
import org.processional.engine.task.Completions;

/**
 * The bytes of a function, a result or a failure that have come, until somebody reads them. The proxies in them were
 * counted by the sender: those that are not read, because nobody wants the message, or because it cannot be read to its
 * end, are given back. Who sent a result learns that it was read, since it keeps the proxies until then. What refers to
 * shared memory is read even if nobody wants it, since the memory waits for that; if it cannot be read to its end, the memory
 * behind that waits for the end of the connection.
 *
 * <p><b>Threads:</b> from any thread.
 */
final class Delivery {
    private final Peer peer;
    private final long ticket; // of an answer; 0 for a function
    private final boolean carries;
    private final boolean shares;
    private final List<Long> counted; // the proxies in it
    private final ByteBuffer body;
    private final AtomicBoolean taken = new AtomicBoolean(); // of one that carries or shares

    /**
     * What has come.
     *
     * @throws org.processional.ConnectionException if the frame is damaged
     */
    Delivery(Peer peer, long ticket, int flags, ByteBuffer body) {
        this.peer = peer;
        this.ticket = ticket;
        this.carries = (flags & Frames.CARRIES) != 0;
        this.shares = (flags & Frames.SHARES) != 0;
        this.counted = carries ? Cargo.take(body) : List.of();
        this.body = body;
    }

    /** The bytes; for reading what is not of the codec. */
    ByteBuffer body() {
        return body;
    }

    /** Reads an object. */
    @Nullable
    Object object(ClassLoader loader) {
        return read(() -> peer.codec().decode(body.duplicate(), loader));
    }

    /** Reads a failure. */
    Throwable failure(ClassLoader loader) {
        return failure(Failures.standIn(body), loader);
    }

    /** Reads a failure behind its description. */
    Throwable failure(Throwable standIn, ClassLoader loader) {
        return read(() -> Failures.read(body, standIn, peer.codec(), loader));
    }

    private <T extends @Nullable Object> T read(Supplier<T> reading) {
        if (!carries && !shares) {
            return reading.get();
        }
        if (!taken.compareAndSet(false, true)) { // what is in it was counted once
            throw new CodecException(
                    "a message with proxies or shared memory is read only once, and nobody wanted this one");
        }
        if (!carries) {
            return reading.get();
        }
        List<Long> outer = Cargo.beginReading();
        try {
            return reading.get();
        } finally {
            settle(Cargo.endReading(outer));
        }
    }

    /** Gives back what did not arrive. */
    private void settle(List<Long> arrived) {
        for (Long number : counted) {
            if (!arrived.remove(number)) {
                peer.release(number);
            }
        }
        if (ticket != 0) {
            peer.sendControl(Frames.RECEIVED, 0, ticket, null);
        }
    }

    /**
     * Nobody wants it: what is in it is given back, beside, since a reader never waits for room.
     *
     * @param reading reads it to its end
     */
    void discard(Runnable reading) {
        if (taken.get()) {
            return;
        }
        if (shares) {
            peer.discards().run(() -> {
                if (peer.isOpen()) { // else what was on its way counts as arrived
                    reading.run();
                }
            });
        } else if (carries && taken.compareAndSet(false, true)) {
            Completions.run(() -> settle(new ArrayList<>()));
        }
    }

    /**
     * Nobody will want it when its only reader is dropped.
     *
     * @return to be cleaned when it was read; null if there is nothing to give back
     */
    Cleaner.@Nullable Cleanable watch(Object reader, Runnable reading) {
        return carries || shares ? Cleaners.SHARED.register(reader, () -> discard(reading)) : null;
    }
}
