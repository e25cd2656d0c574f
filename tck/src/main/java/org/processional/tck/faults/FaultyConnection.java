// SPDX-License-Identifier: Apache-2.0
package org.processional.tck.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.processional.spi.Connection;
import org.processional.spi.FrameHandler;
import org.processional.spi.LimitableConnection;
import org.processional.spi.PollableConnection;

/**
 * A connection that spoils what goes through it, as a {@link Fault} says.
 *
 * <p><b>Threads:</b> as {@link Connection} says.
 */
class FaultyConnection implements LimitableConnection {
    final Connection inner;
    final Mangler sending; // sender only
    private final Mangler receiving; // receiver only

    private FaultyConnection(Connection inner, Fault fault) {
        this.inner = inner;
        this.sending = new Mangler(fault.outgoing() ? fault : Fault.NONE, inner);
        this.receiving = new Mangler(fault.outgoing() ? Fault.NONE : fault, inner);
    }

    /** Wraps a connection; what can be polled can be polled afterwards. */
    static Connection around(Connection inner, Fault fault) {
        return inner instanceof PollableConnection pollable
                ? new Pollable(pollable, fault)
                : new FaultyConnection(inner, fault);
    }

    static ByteBuffer copy(ByteBuffer frame) {
        byte[] bytes = new byte[frame.remaining()];
        frame.duplicate().get(bytes);
        return ByteBuffer.wrap(bytes);
    }

    /** Hands over what there is in the place of each frame. */
    FrameHandler mangling(FrameHandler handler) {
        return (frame, owned) -> {
            try {
                for (ByteBuffer each : receiving.mangle(copy(frame))) {
                    handler.frame(each, true);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    @Override
    public void send(ByteBuffer frame) throws IOException {
        ByteBuffer copy = copy(frame);
        frame.position(frame.limit());
        for (ByteBuffer each : sending.mangle(copy)) {
            inner.send(each);
        }
    }

    @Override
    public void flush() throws IOException {
        if (!sending.forgets()) {
            inner.flush();
        }
    }

    @Override
    public int receive(FrameHandler handler, Duration wait) throws IOException {
        try {
            return inner.receive(mangling(handler), wait);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** As far as the one within can. */
    @Override
    public void limitIncoming(int bytes) {
        if (inner instanceof LimitableConnection limitable) {
            limitable.limitIncoming(bytes);
        }
    }

    @Override
    public int maxFrameBytes() {
        return inner.maxFrameBytes();
    }

    @Override
    public String peer() {
        return inner.peer();
    }

    @Override
    public void close() {
        inner.close();
    }

    /** One that can be polled. */
    private static final class Pollable extends FaultyConnection implements PollableConnection {
        private final PollableConnection pollable;
        private final Deque<ByteBuffer> begun = new ArrayDeque<>(); // sender only: in the place of the frame on offer
        private boolean inFrame; // sender only

        Pollable(PollableConnection inner, Fault fault) {
            super(inner, fault);
            this.pollable = inner;
        }

        /** Takes a frame whole or not at all: who is refused offers the same frame again, as the contract says. */
        @Override
        public boolean offer(ByteBuffer frame) throws IOException {
            if (!inFrame) {
                begun.addAll(sending.mangle(copy(frame)));
                inFrame = true;
            }
            for (ByteBuffer next = begun.peek(); next != null; next = begun.peek()) {
                if (!pollable.offer(next)) {
                    return false;
                }
                begun.remove();
            }
            inFrame = false;
            frame.position(frame.limit());
            return true;
        }

        @Override
        public void send(ByteBuffer frame) throws IOException {
            if (!inFrame) { // else it was offered before
                begun.addAll(sending.mangle(copy(frame)));
            }
            for (ByteBuffer next = begun.poll(); next != null; next = begun.poll()) {
                inner.send(next);
            }
            inFrame = false;
            frame.position(frame.limit());
        }

        @Override
        public boolean flushNow() throws IOException {
            return sending.forgets() || pollable.flushNow();
        }

        @Override
        public int poll(FrameHandler handler) throws IOException {
            try {
                return pollable.poll(mangling(handler));
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }
    }
}
