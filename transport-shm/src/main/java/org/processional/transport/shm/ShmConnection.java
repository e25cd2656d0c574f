// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.shm;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.processional.spi.ClaimableConnection;
import org.processional.spi.FrameHandler;
import org.processional.spi.LimitableConnection;
import org.processional.spi.PollableConnection;
import org.processional.spi.PollableTransport;

/**
 * Frames through two rings, one for each direction, and a socket that rings for who sleeps.
 *
 * <p>Frames of up to a quarter of a ring are one record; longer ones go in parts. A frame in parts counts as sent when
 * its last part is in the ring: what others claim meanwhile arrives before it.
 *
 * <p>The socket is read by who waits in a wait set, and now and then by who polls an empty ring. Whoever takes bells off
 * it nudges all others who wait for this connection: they look at the rings again before they go on waiting.
 *
 * <p><b>Threads:</b> as {@link ClaimableConnection} says. The rings are not unmapped by force, so nobody can touch memory
 * that is gone; {@code close} forgets them.
 */
final class ShmConnection implements ClaimableConnection, LimitableConnection {
    /** The longest frame, as that of the transport {@code unix}: a body of 1 GiB and 64 KiB before it. */
    static final int MAX_FRAME_BYTES = (1 << 30) + (64 << 10);

    private static final long LOOK_NANOS = 20_000_000;
    private static final long SPINNING_NANOS = 100_000; // between two looks at the clock
    private static final int FEWEST_POLLS_PER_CLOCK =
            8; // even who polls ten times a second learns of an end within one
    private static final int MOST_POLLS_PER_CLOCK = 32; // for who spins

    /** How long who sends or receives stays awake, where the peer can run meanwhile: about what a wake-up costs. */
    private static final long AWAKE_NANOS = Runtime.getRuntime().availableProcessors() > 1 ? 50_000 : 0;

    private final PollableTransport sockets;
    private final PollableConnection socket;
    private @Nullable RingFile file; // until close, which one thread does
    private final String peer;
    private final boolean connected; // false: accepted
    private volatile @Nullable RingWriter writer; // null once closed
    private volatile @Nullable RingReader reader; // null once closed
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean looking = new AtomicBoolean(); // held by who reads the socket
    private final Bells bells = new Bells();
    private volatile boolean ended; // written by who reads the socket: the peer has closed or died
    private final CopyOnWriteArrayList<ShmWaitSet> waitSets = new CopyOnWriteArrayList<>();
    private volatile @Nullable ShmWaitSet readWait; // made by the reading thread, closed by any
    private volatile @Nullable ShmWaitSet writeWait; // made by the writing thread, closed by any
    private int emptyPolls; // reading thread only, as the next
    private int pollsPerClock = FEWEST_POLLS_PER_CLOCK;
    private long polled; // when the clock was looked at last
    private volatile long looked = System.nanoTime(); // written by who polls or offers in vain

    /** The end of who connected. */
    ShmConnection(PollableTransport sockets, PollableConnection socket, RingFile file, String peer) {
        this(sockets, socket, file, peer, true);
    }

    /**
     * Takes over socket and file.
     *
     * @param connected whether this is the end of who connected
     */
    ShmConnection(PollableTransport sockets, PollableConnection socket, RingFile file, String peer, boolean connected) {
        this.sockets = sockets;
        this.socket = socket;
        this.file = file;
        this.peer = peer;
        this.connected = connected;
        Bell bell = new Bell(socket);
        writer = new RingWriter(file.memory(), connected ? 0 : 1, file.ringBytes(), peer, bell);
        reader = new RingReader(file.memory(), connected ? 1 : 0, file.ringBytes(), peer, bell);
    }

    // ---- sending

    @Override
    public boolean offer(ByteBuffer frame) throws IOException {
        try {
            boolean taken = openWriter().offer(frame);
            if (!taken) {
                lookNowAndThen(System.nanoTime());
            }
            return taken;
        } catch (DamagedRingException e) {
            close();
            throw e;
        }
    }

    @Override
    public boolean flushNow() throws IOException {
        openWriter().signal();
        return true;
    }

    @Override
    public @Nullable ByteBuffer claim(int bytes) throws IOException {
        try {
            return openWriter().claim(bytes);
        } catch (DamagedRingException e) {
            close();
            throw e;
        }
    }

    @Override
    public void commit(ByteBuffer claimed) {
        RingWriter to = writer;
        if (to != null) {
            to.commit(claimed);
        }
    }

    @Override
    public void abort(ByteBuffer claimed) {
        RingWriter to = writer;
        if (to != null) {
            to.abort(claimed);
        }
    }

    private RingWriter openWriter() throws IOException {
        RingWriter to = writer;
        if (to == null) {
            throw new IOException("cannot send to " + peer + ": the connection was closed here");
        }
        if (ended) {
            throw new IOException("cannot send to " + peer + ": it " + bells.whyEnded());
        }
        return to;
    }

    @Override
    public void send(ByteBuffer frame) throws IOException {
        if (offer(frame) || offerForAWhile(frame)) {
            return;
        }
        boolean interrupted = Thread.interrupted();
        try {
            do {
                writeWait().await(Long.MAX_VALUE);
                interrupted |= Thread.interrupted(); // no reason to give up
            } while (!offer(frame));
        } catch (IOException e) {
            throw failedWait("send to", e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The peer makes room for the next frame sooner than it could wake us. */
    private boolean offerForAWhile(ByteBuffer frame) throws IOException {
        long start = System.nanoTime();
        while (System.nanoTime() - start < AWAKE_NANOS) {
            Thread.onSpinWait();
            if (offer(frame)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void flush() throws IOException {
        flushNow();
    }

    // ---- receiving

    @Override
    public void limitIncoming(int bytes) {
        RingReader from = reader;
        if (from != null) {
            from.limit(bytes);
        }
    }

    @Override
    public int poll(FrameHandler handler) throws IOException {
        boolean over = ended; // before the look at the ring: what the peer wrote before its end is there now
        int frames = take(handler);
        if (frames < 0 && !over && isTimeToLook()) {
            over = ended;
            frames = over ? take(handler) : 0;
        }
        if (frames < 0 && over) {
            throw end();
        }
        return Math.max(0, frames);
    }

    private int take(FrameHandler handler) throws IOException {
        RingReader from = reader;
        if (from == null) {
            throw new IOException("cannot receive from " + peer + ": the connection was closed here");
        }
        boolean done = false;
        try {
            int frames = from.poll(handler);
            done = !from.hasMore();
            return frames;
        } catch (DamagedRingException e) {
            close();
            throw e;
        } finally {
            if (!done) {
                nudgeWaiting(null); // they may have looked where we have read, and seen nothing
            }
        }
    }

    private boolean isTimeToLook() {
        if (++emptyPolls < pollsPerClock) {
            return false;
        }
        emptyPolls = 0;
        long now = System.nanoTime();
        boolean spins = now - polled < SPINNING_NANOS;
        polled = now;
        pollsPerClock = spins ? Math.min(2 * pollsPerClock, MOST_POLLS_PER_CLOCK) : FEWEST_POLLS_PER_CLOCK;
        return lookNowAndThen(now);
    }

    private boolean lookNowAndThen(long now) {
        if (now - looked < LOOK_NANOS) {
            return false;
        }
        looked = now;
        look(null);
        return true;
    }

    private IOException end() {
        RingReader from = reader;
        String unfinished = from == null ? "" : from.unfinished();
        return bells.isRefused()
                ? new IOException(peer + " " + bells.whyEnded())
                : new EOFException(peer + " " + bells.whyEnded() + unfinished);
    }

    @Override
    public int receive(FrameHandler handler, Duration wait) throws IOException {
        int frames = poll(handler);
        if (frames > 0 || wait.isZero() || wait.isNegative()) {
            return frames;
        }
        long nanos = Waits.nanos(wait);
        long start = System.nanoTime();
        while (frames == 0 && !Thread.currentThread().isInterrupted()) {
            long left = Waits.left(nanos, start);
            if (left == 0) {
                break;
            }
            if (System.nanoTime() - start < AWAKE_NANOS) {
                Thread.onSpinWait();
                frames = poll(handler);
                continue;
            }
            try {
                readWait().await(left);
            } catch (IOException e) {
                throw failedWait("receive from", e);
            }
            frames = poll(handler);
        }
        return frames;
    }

    // ---- the socket

    /**
     * Reads the socket, unless another thread does.
     *
     * @param caller the wait set that looks; null for none
     */
    void look(@Nullable ShmWaitSet caller) {
        if (ended || !looking.compareAndSet(false, true)) {
            return;
        }
        boolean news = true;
        try {
            news = socket.poll(bells) > 0;
        } catch (IOException e) {
            ended = true; // or it was closed here, which is asked for first everywhere
        } finally {
            looking.set(false);
        }
        if (news) {
            nudgeWaiting(caller);
        }
    }

    private void nudgeWaiting(@Nullable ShmWaitSet except) {
        for (ShmWaitSet set : waitSets) {
            if (set != except) {
                set.nudge();
            }
        }
    }

    PollableConnection socket() {
        return socket;
    }

    /** Whether there is something to receive, if only an end. */
    boolean isReadable() {
        RingReader from = reader;
        return from == null || ended || from.hasRecord();
    }

    /** Whether an offer would take something, or fail. */
    boolean isWritable() {
        RingWriter to = writer;
        return to == null || ended || to.hasRoom();
    }

    /** Says that somebody will sleep; it fences, then asks {@link #isReadable()} and {@link #isWritable()} again. */
    void announceSleep(boolean forRecords, boolean forRoom) {
        RingReader from = reader;
        RingWriter to = writer;
        if (forRecords && from != null) {
            from.sleeps();
        }
        if (forRoom && to != null) {
            to.wantRoom();
        }
    }

    /** Says that nobody sleeps over what is to be received. */
    void awake() {
        RingReader from = reader;
        if (from != null) {
            from.awake();
        }
    }

    // ---- waiting

    private ShmWaitSet writeWait() throws IOException {
        ShmWaitSet wait = writeWait;
        if (wait == null) {
            wait = new ShmWaitSet(sockets);
            writeWait = wait;
            wait.addEnd(this, false, true);
        }
        return wait;
    }

    /** From now on it is polled, and others wait for it: what it waited with itself goes. Called before that. */
    void isPolled() {
        ShmWaitSet own = readWait;
        readWait = null;
        Waits.close(own);
    }

    private ShmWaitSet readWait() throws IOException {
        ShmWaitSet wait = readWait;
        if (wait == null) {
            wait = new ShmWaitSet(sockets);
            readWait = wait;
            wait.addEnd(this, true, false);
        }
        return wait;
    }

    private IOException failedWait(String verb, IOException cause) {
        if (!isClosed()) {
            return cause;
        }
        closeWaits(); // a set that was made after close() had looked for it
        return new IOException("cannot " + verb + " " + peer + ": the connection was closed here", cause);
    }

    /** Remembers a wait set. Whoever calls it asks {@link #isClosed()} afterwards: one of the two sees the other. */
    void joined(ShmWaitSet set) {
        waitSets.add(set);
    }

    void left(ShmWaitSet set) {
        waitSets.remove(set);
    }

    // ---- the end

    boolean isClosed() {
        return closed.get();
    }

    @Override
    public int maxFrameBytes() {
        return MAX_FRAME_BYTES;
    }

    @Override
    public String peer() {
        return peer;
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        RingFile open = file;
        file = null;
        writer = null;
        reader = null;
        socket.close();
        for (ShmWaitSet set : waitSets) {
            set.memberClosed(this);
        }
        closeWaits();
        if (open != null) {
            open.close(connected, ended); // last: it throws where the other end has cut the file short
        }
    }

    private void closeWaits() {
        Waits.close(readWait);
        Waits.close(writeWait);
    }

    @Override
    public String toString() {
        return "connection with " + peer;
    }
}
