// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;
import org.processional.engine.task.Cleaners;

/**
 * The bytes of a function, a result or a failure that have come, until somebody reads them. The proxies in them were
 * counted by the sender, and the shared memory waits for them: what is not read, because nobody wants the message, or
 * because it cannot be read to its end, is given back. Who sent a result with proxies learns that it was read, since it
 * keeps them until then.
 *
 * <p><b>Threads:</b> from any thread.
 */
final class Delivery {
    private final Peer peer;
    private final long ticket; // of an answer whose sender keeps the proxies in it; else 0
    private final @Nullable Cargo cargo; // null for none
    private final ByteBuffer body;
    private final AtomicBoolean taken = new AtomicBoolean(); // of one with a cargo

    /**
     * What has come.
     *
     * @param ticket of an answer; 0 for a function
     * @throws org.processional.ConnectionException if the frame is damaged
     */
    Delivery(Peer peer, long ticket, int flags, ByteBuffer body) {
        this.peer = peer;
        this.ticket = (flags & Frames.CARRIES) == 0 ? 0 : ticket;
        this.cargo = (flags & (Frames.CARRIES | Frames.SHARES)) == 0 ? null : peer.cargo(body);
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

    /** Reads a failure behind its description. */
    Throwable failure(Throwable standIn, ClassLoader loader) {
        return read(() -> Failures.read(body, standIn, peer.codec(), loader));
    }

    private <T extends @Nullable Object> T read(Supplier<T> reading) {
        if (cargo == null) {
            return reading.get();
        }
        if (!taken.compareAndSet(false, true)) { // what is in it was counted once
            throw new CodecException(
                    "a message with proxies or shared memory is read only once, and nobody wanted this one");
        }
        try {
            return cargo.read(reading);
        } finally {
            settle(cargo);
        }
    }

    /** Gives back what was not read. */
    private void settle(Cargo settled) {
        settled.end();
        if (ticket != 0) {
            peer.sendControl(Frames.RECEIVED, 0, ticket, null);
        }
    }

    /** Nobody wants it: what is in it is given back, beside, since a reader does nothing with files. */
    void discard() {
        if (cargo != null && taken.compareAndSet(false, true)) {
            peer.discards().run(() -> settle(cargo));
        }
    }

    /**
     * Nobody will want it when its only reader is dropped.
     *
     * @return to be cleaned when it was read; null if there is nothing to give back
     */
    Cleaner.@Nullable Cleanable watch(Object reader) {
        return cargo != null ? Cleaners.SHARED.register(reader, this::discard) : null;
    }
}
