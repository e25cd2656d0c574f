// SPDX-License-Identifier: Apache-2.0
package org.processional.tck.broken;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.processional.spi.FrameHandler;
import org.processional.spi.LimitableConnection;
import org.processional.spi.PollableConnection;

/**
 * A connection with the fault of its transport.
 *
 * <p><b>Threads:</b> as {@link PollableConnection} says.
 */
final class BrokenConnection implements PollableConnection, LimitableConnection {
    final PollableConnection connection;
    private final BrokenTransport transport;
    private final Fault fault;
    private final ReentrantLock both = new ReentrantLock(); // T19
    private final Semaphore alone = new Semaphore(1); // T28
    private final List<ByteBuffer> kept = new ArrayList<>(); // sender only, T04
    private volatile boolean closed; // set once, by who closes here
    private boolean inFrame; // sender only
    private int sent; // sender only
    private int received; // receiver only
    private boolean ended; // receiver only

    BrokenConnection(BrokenTransport transport, PollableConnection connection) {
        this.transport = transport;
        this.fault = transport.fault;
        this.connection = connection;
    }

    // ---- sending

    @Override
    public void send(ByteBuffer frame) throws IOException {
        int length = frame.remaining();
        sent++;
        switch (fault) {
            case T01_SENDS_A_FRAME_TWICE -> {
                if (sent == 150 && length < 3000) {
                    connection.send(frame.duplicate());
                }
            }
            case T02_CUTS_A_FRAME_THAT_FILLS_ITS_BUFFER -> cut(frame, length == 4096 ? length - 1 : length);
            case T02_SENDS_A_CHUNK_TWICE -> {
                if (length == 1 << 18) {
                    byte[] bytes = new byte[length];
                    frame.get(bytes);
                    System.arraycopy(bytes, 0, bytes, 1 << 16, 1 << 16);
                    connection.send(ByteBuffer.wrap(bytes));
                    return;
                }
            }
            case T03_CUTS_WHAT_IS_BEYOND_THE_LIMIT -> cut(frame, Math.min(length, maxFrameBytes()));
            case T04_KEEPS_THE_BUFFER_UNTIL_FLUSH -> {
                if (length != 100) {
                    break;
                }
                kept.add(frame.duplicate());
                frame.position(frame.limit());
                return;
            }
            case T20_SEND_CLEARS_THE_INTERRUPT_FLAG -> Thread.interrupted();
            case T21_AN_INTERRUPT_TEARS_A_LONG_FRAME -> {
                boolean torn = length > 60_000 && Thread.currentThread().isInterrupted();
                cut(frame, torn ? length / 2 : length);
            }
            default -> {
                // the other faults are elsewhere
            }
        }
        sendWhole(frame, length > 60_000);
    }

    private void sendKept() throws IOException {
        for (ByteBuffer frame : kept) {
            connection.send(frame);
        }
        kept.clear();
    }

    private static void cut(ByteBuffer frame, int length) {
        frame.limit(frame.position() + length);
    }

    private void sendWhole(ByteBuffer frame, boolean isLong) throws IOException {
        boolean locks = fault == Fault.T19_ONE_LOCK_FOR_BOTH_DIRECTIONS;
        if (locks) {
            both.lock();
        }
        try {
            sendKept();
            connection.send(frame);
        } catch (IOException e) {
            if (fault == Fault.T12_CLOSE_LEAVES_WHO_SENDS && isLong) {
                BrokenTransport.sleepOn();
            }
            if (fault == Fault.T29_A_SEND_THAT_FAILS_CLOSES) {
                connection.close();
            }
            throw e;
        } finally {
            if (locks) {
                both.unlock();
            }
        }
    }

    @Override
    public void flush() throws IOException {
        sendKept();
        if (fault == Fault.T28_ONE_LOCK_THAT_ITS_HOLDER_CANNOT_TAKE_AGAIN) {
            flushAlone();
            return;
        }
        try {
            connection.flush();
        } catch (IOException e) {
            if (fault != Fault.T14_FLUSH_AFTER_CLOSE_SAYS_NOTHING) {
                throw e;
            }
        }
    }

    private void flushAlone() throws IOException {
        if (!alone.tryAcquire()) { // first: where nobody has it, an interrupt flag changes nothing
            try {
                alone.acquire();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("who waits for ever was interrupted");
            }
        }
        try {
            connection.flush();
        } finally {
            alone.release();
        }
    }

    @Override
    public boolean offer(ByteBuffer frame) throws IOException {
        if (fault == Fault.T32_TAKES_OF_WHAT_IS_BEYOND_THE_LIMIT && frame.remaining() > maxFrameBytes()) {
            frame.position(1);
            throw new IllegalArgumentException("too long");
        }
        if (fault == Fault.T33_OFFER_CLEARS_THE_INTERRUPT_FLAG) {
            Thread.interrupted();
        }
        boolean whole = connection.offer(frame);
        inFrame = !whole && (inFrame || frame.position() > 0);
        if (fault == Fault.T31_LOSES_THE_PLACE_IN_A_FRAME && inFrame && frame.remaining() > 1_000_000) {
            frame.position(frame.position() + 1);
        }
        return whole;
    }

    @Override
    public boolean flushNow() throws IOException {
        return connection.flushNow();
    }

    // ---- receiving

    private FrameHandler counting(FrameHandler handler) {
        return (frame, owned) -> {
            received += frame.remaining() == 1000 ? 1 : 0;
            if (fault == Fault.T01_HANDS_OVER_LITTLE_ENDIAN && frame.remaining() == 2514) {
                frame.order(ByteOrder.LITTLE_ENDIAN);
            }
            handler.frame(frame, owned);
        };
    }

    @Override
    public int receive(FrameHandler handler, Duration wait) throws IOException {
        if (transport.unreadAtClose.get()) {
            throw new EOFException("reset");
        }
        int frames = switch (fault) {
            case T19_ONE_LOCK_FOR_BOTH_DIRECTIONS -> receiveLocked(handler, wait);
            case T25_A_HANDLER_THAT_THROWS_ENDS_ALL -> receiveUntilItThrows(handler, wait);
            case T28_ONE_LOCK_THAT_ITS_HOLDER_CANNOT_TAKE_AGAIN -> connection.receive(alone(handler), wait);
            default -> receiveOrEnd(handler, wait);
        };
        if (fault == Fault.T22_RECEIVE_CLEARS_THE_INTERRUPT_FLAG) {
            Thread.interrupted();
        }
        return frames;
    }

    private FrameHandler alone(FrameHandler handler) {
        return (frame, owned) -> {
            alone.acquireUninterruptibly(); // who flushes has it for a moment
            try {
                handler.frame(frame, owned);
            } finally {
                alone.release();
            }
        };
    }

    private int receiveLocked(FrameHandler handler, Duration wait) throws IOException {
        try {
            if (!both.tryLock(BrokenTransport.millis(wait), TimeUnit.MILLISECONDS)) {
                return 0;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
        try {
            return connection.receive(handler, wait);
        } finally {
            both.unlock();
        }
    }

    private int receiveUntilItThrows(FrameHandler handler, Duration wait) throws IOException {
        try {
            return connection.receive(handler, wait);
        } catch (IllegalStateException e) {
            connection.close();
            throw e;
        }
    }

    private int receiveOrEnd(FrameHandler handler, Duration wait) throws IOException {
        try {
            return connection.receive(
                    counting(handler), BrokenTransport.shortened(wait, fault == Fault.T05_RECEIVE_RETURNS_EARLY));
        } catch (EOFException e) {
            if (isUntold()) {
                return 0;
            }
            if (fault == Fault.T44_HANDS_OVER_WHAT_WAS_BEGUN && transport.begunAtClose.getAndSet(false)) {
                handler.frame(ByteBuffer.allocate(3), true);
                return 1;
            }
            throw e;
        } catch (IOException e) {
            if (fault == Fault.T11_CLOSE_LEAVES_WHO_RECEIVES && wait.toHours() > 0) {
                BrokenTransport.sleepOn();
            }
            throw e;
        }
    }

    /** Whether this end is one that is not told. */
    private boolean isUntold() {
        boolean again = ended;
        ended = true;
        return fault == Fault.T09_TELLS_THE_END_ONCE && again
                || fault == Fault.T10_DOES_NOT_TELL_THE_END_AFTER_THREE_FRAMES && received == 3;
    }

    @Override
    public int poll(FrameHandler handler) throws IOException {
        transport.told.remove(this);
        try {
            int frames = connection.poll(handler);
            if (fault == Fault.T33_POLL_WAITS && frames == 0) {
                LockSupport.parkNanos(5_000_000);
            }
            return frames;
        } catch (EOFException e) {
            if (fault == Fault.T42_POLL_DOES_NOT_TELL_THE_END) {
                return 0;
            }
            throw e;
        } catch (IOException e) {
            if (fault == Fault.T49_POLLS_NOTHING_AFTER_CLOSE && closed) {
                return 0;
            }
            throw e;
        } catch (IllegalStateException e) {
            if (fault == Fault.T50_A_HANDLER_THAT_THROWS_IN_POLL_ENDS_ALL) {
                connection.close();
            }
            throw e;
        }
    }

    @Override
    public void limitIncoming(int bytes) {
        boolean kept = fault == Fault.T26_TAKES_FRAMES_ABOVE_ITS_LIMIT && bytes == 100
                || fault == Fault.T27_REMEMBERS_THE_LEAST_LIMIT && bytes == maxFrameBytes();
        if (!kept) {
            ((LimitableConnection) connection).limitIncoming(bytes);
        }
    }

    // ---- both

    @Override
    public int maxFrameBytes() {
        return connection.maxFrameBytes();
    }

    @Override
    public String peer() {
        return connection.peer();
    }

    @Override
    public void close() {
        closed = true;
        if (inFrame) {
            transport.begunAtClose.set(true);
        }
        if (fault == Fault.T30_A_CLOSE_WITH_SOMETHING_UNREAD_RESETS && isSomethingUnread()) {
            transport.unreadAtClose.set(true);
        }
        connection.close();
    }

    private boolean isSomethingUnread() {
        try {
            return connection.poll((frame, owned) -> {}) > 0;
        } catch (IOException e) {
            return false; // it has ended
        }
    }
}
