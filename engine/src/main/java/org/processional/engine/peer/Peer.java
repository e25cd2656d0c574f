// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.processional.ProcessionalException;
import org.processional.SlaveClosedException;
import org.processional.engine.EngineTime;
import org.processional.engine.Log;
import org.processional.engine.task.Daemons;
import org.processional.engine.task.InTurn;
import org.processional.spi.Codec;
import org.processional.spi.Connection;
import org.processional.spi.Definition;
import org.processional.spi.FrameOutput;
import org.processional.spi.InputFilter;
import org.processional.spi.PollableConnection;

/**
 * One end of a connection; both ends are alike. It sends requests and remembers them until they are answered, and hands
 * the requests of the other end to a {@link Requests}.
 *
 * <p><b>Threads:</b> sends from any thread; {@code poll} by the holder of the reading role.
 */
public final class Peer {
    private static final long OUTGOING = 1L << 62;
    private static final long INCOMING = 1L << 61;
    private static final int MOST_LAST_POLLS = 1000; // where an end that takes nothing goes on to send

    private final Connection connection;
    private final @Nullable Reading reading; // null: a reader thread of its own
    private final Requests requests;
    private final EngineObjects objects;
    private final Codec codec;
    private final Handshake.Partner partner;
    private final PendingTable<RemoteTask<?>> pending;
    private final FrameSender sender;
    private final ClientCode clientCode;
    private final Exports.Held held;
    private final int generation; // of all frames of the connection
    private final long side; // tells the two ends of a connection within one process apart; 0 for others
    private final Map<Long, Object> kept = new ConcurrentHashMap<>(); // results with proxies, by ticket
    private final InTurn discards = new InTurn();
    private final UnreadResults unread = new UnreadResults();
    private final Queue<Request> aside = new ConcurrentLinkedQueue<>(); // filled by the main thread
    private final Arrivals arrivals;
    private final Waits waits;
    private final Asking asking;
    private boolean watched; // set by who asks first; to be watched twice does no harm
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile @Nullable Farewell farewell; // written by who reads
    private volatile @Nullable Throwable reason; // written once, before the pending tasks fail

    Peer(Connection connection, @Nullable Reading reading, Requests requests, Handshake.Partner partner) {
        this.connection = connection;
        this.reading = reading;
        this.requests = requests;
        this.partner = partner;
        this.generation = partner.generation();
        this.held = new Exports.Held(partner, requests.policy().limits().exports());
        this.side = !partner.id().equals(Identity.ID) ? 0 : requests instanceof OutgoingPeer ? OUTGOING : INCOMING;
        InputFilter filter = requests.policy().filter();
        this.objects = new EngineObjects(this, filter);
        this.codec = partner.provider().open(objects, filter);
        this.pending = new PendingTable<>(partner.credits());
        this.sender = new FrameSender(this, connection, reading);
        this.clientCode = new ClientCode(this, requests.policy());
        this.arrivals = new Arrivals(this, requests, pending);
        this.waits = new Waits(this, reading);
        this.asking = new Asking(this, requests, pending, sender);
    }

    /** Begins to receive. */
    void start() throws IOException {
        Peers.add(this);
        if (reading != null) {
            reading.add(this);
            return;
        }
        Thread thread = Daemons.make("processional-reader-" + name(), new Runnable() {
            @Override
            public void run() {
                receiveAll();
            }
        });
        thread.start();
    }

    private void receiveAll() {
        Duration longest = Duration.ofDays(1);
        while (!ended.get()) {
            try {
                connection.receive(arrivals, longest);
            } catch (IOException | RuntimeException | Error e) { // a frame may be half read
                lost(e);
            }
            Thread.interrupted(); // nobody has a reason to interrupt a reader
        }
    }

    // ---- names

    PollableConnection pollable() {
        return (PollableConnection) connection;
    }

    Codec codec() {
        return codec;
    }

    /** Writes a body; see {@link Cargo#encode}. */
    List<Definition> encode(@Nullable Object value, FrameOutput out) {
        return Cargo.encode(value, codec, objects, out);
    }

    /** The process at the other end. */
    public Handshake.Partner partner() {
        return partner;
    }

    String name() {
        return connection.peer();
    }

    String remoteName() {
        return "process " + partner.pid();
    }

    /** The classes of the process at the other end. */
    ClientCode clientCode() {
        return clientCode;
    }

    Exports.Held held() {
        return held;
    }

    Connection connection() {
        return connection;
    }

    int generation() {
        return generation;
    }

    /** What comes. */
    Arrivals arrivals() {
        return arrivals;
    }

    /** How threads wait for it. */
    Waits waits() {
        return waits;
    }

    /** How long the other end may be silent; null for ever. */
    @Nullable
    Duration silenceLimit() {
        return requests.silenceLimit();
    }

    /** From now on, who works for this end is asked now and then whether it lives. */
    void watch() {
        if (!watched) {
            watched = true;
            Watch.add(this);
        }
    }

    /** The other end was silent for longer than allowed, or its host is gone; may wait. */
    void silentTooLong(String why) {
        requests.silentTooLong(this, why);
    }

    /** What the other end runs for this one, in words, as far as it is known here. */
    public List<String> running() {
        return RunningTasks.describe(pending);
    }

    /** What the other end said of its end; null for nothing. */
    public @Nullable Farewell farewell() {
        return farewell;
    }

    /** What it says of its end. */
    void farewell(Farewell said) {
        farewell = said;
    }

    int pendingRequests() {
        return pending.size();
    }

    /** Whether the connection has not ended. */
    public boolean isOpen() {
        return !ended.get();
    }

    // ---- requests of this end

    /** How it asks the other end. */
    Asking asking() {
        return asking;
    }

    /** Keeps a result or a failure, and the proxies in it, until the other end has read it. */
    void keepUntilRead(long ticket, Object value) {
        kept.put(ticket, value);
        if (ended.get()) {
            kept.clear();
        }
    }

    /** The other end has read an answer. */
    void wasRead(long ticket) {
        kept.remove(ticket);
    }

    /** Takes what a body refers to off it; see {@link Cargo#take}. */
    Cargo cargo(ByteBuffer body) {
        return Cargo.take(body, objects);
    }

    /** Where what came, and nobody wants, is given back. */
    InTurn discards() {
        return discards;
    }

    /** Asks the other end to read what it was sent in memory of this one, if there is any. */
    void askToRead() {
        if (isBeingRead()) {
            sendControl(Frames.READ, 0, 0, null);
        }
    }

    /** Whether the other end has not read all that it was sent in memory. */
    boolean isBeingRead() {
        return objects.isBeingRead();
    }

    /** The results that must be read before the connection is closed. */
    UnreadResults unread() {
        return unread;
    }

    /** By what a chain is found, for calls over this connection. */
    long key(long chain) {
        return chain == 0 ? 0 : chain ^ side;
    }

    /** Kills the process at the other end; null if that is not for this one to decide. */
    @Nullable
    Killer killer() {
        return requests.killer();
    }

    /** Whether one thread reads both connections. */
    boolean isReadWith(Peer other) {
        return reading != null && reading == other.reading;
    }

    /** Wakes who reads, since what it waits for may have ended without a frame. */
    void wakeReader() {
        if (reading != null) {
            reading.wakeUp();
        }
    }

    /** Tells the other end about a request that it has. */
    void sendAbout(RemoteTask<?> task, int kind, int flags) {
        sendControl(kind, flags, task.ticket(), null);
    }

    /** Sends a frame that is not answered, unless the connection has ended. */
    void sendControl(int kind, int flags, long ticket, @Nullable ByteBuffer body) {
        if (ended.get()) {
            return;
        }
        FrameOutput out = output();
        Frames.begin(out, kind, flags, generation, ticket, 0);
        if (body != null) {
            out.room(body.remaining()).put(body);
        }
        sender.leave(List.of(), out, false); // never waits: cleaners and readers send these too
    }

    /** Gives back one reception of an object of the other end. */
    void release(long number) {
        sendControl(
                Frames.RELEASE,
                0,
                0,
                ByteBuffer.allocate(12).putLong(number).putInt(1).flip());
    }

    // ---- answers of this end

    /**
     * Sends an answer, or queues it for when there is room.
     *
     * @param hold whether it can wait for the next, which will come
     */
    void answer(FrameOutput out, List<Definition> definitions, boolean hold) {
        sender.leave(definitions, out, hold);
    }

    /** Whether there is room for more answers: else its requests wait, and nobody else does. */
    boolean takesAnswers() {
        return (aside.isEmpty() ? sender.hasRoom() : sender.hasMuchRoom()) || ended.get();
    }

    /** All answers have been taken. */
    void roomMade() {
        requests.roomMade();
    }

    /** The requests that wait until it takes answers. */
    Queue<Request> aside() {
        return aside;
    }

    // ---- frames

    FrameOutput output() {
        return sender.output();
    }

    /** Whether the other end has taken enough of what was sent. */
    boolean hasRoom() {
        return sender.hasRoom();
    }

    /** Whether it has taken so much that who waited can go on. */
    boolean hasMuchRoom() {
        return sender.hasMuchRoom();
    }

    boolean isStalled() {
        return sender.isStalled();
    }

    /** Sends what waits for others, since there will be no others soon. */
    void sendHeld() {
        if (sender.isHolding()) {
            sender.flush();
        }
    }

    /** Writes what could not be written before, or reads to the end if nothing can be; called by who has the reading role. */
    void resumeWriting() {
        sender.resume();
        IOException why = sender.failure();
        if (why != null) {
            readTheRest(why);
        }
    }

    private void readTheRest(IOException why) {
        for (int polls = 0; polls < MOST_LAST_POLLS && isOpen(); polls++) { // a large frame takes several
            int unused = poll(); // mostly the end comes last, and tells more than the failure to send
        }
        lost(why);
    }

    /** Reads what is there; called by the holder of the reading role. */
    int poll() {
        if (ended.get()) {
            return 0;
        }
        int frames;
        try {
            frames = pollable().poll(arrivals);
        } catch (IOException | RuntimeException | Error e) { // as above
            IOException before = sender.failure();
            lost(before == null || e instanceof EOFException ? e : before);
            return 1;
        }
        if (frames > 0) {
            sender.flushOld(); // the other end may have nothing to do now
        }
        return frames;
    }

    /** Offers the nested calls that wait here to the thread that is to run them. */
    void offerTo(Chains.Member member) {
        requests.offerTo(member);
    }

    /** Asks the other end whether it sees a segment of shared memory. */
    boolean sees(String question) {
        try {
            return new ProcessCalls(this).sees(question);
        } catch (ProcessionalException e) { // the connection is lost, which others will tell
            return false;
        }
    }

    // ---- the end

    /** Why the connection has ended, not explained yet; null while it has not. */
    @Nullable
    Throwable reason() {
        return reason;
    }

    /** Waits until every request of this end is answered, at most a time; an interrupt ends the wait and stays set. */
    public boolean awaitIdle(Duration limit) {
        Awaited idle = () -> ended.get() || pending.size() == 0;
        return idle.isDone() || !limit.isZero() && waits.quietly(idle, EngineTime.nanos() + limit.toNanos());
    }

    /** Waits until what was sent has been taken by the system, at most a time; an interrupt ends the wait and stays set. */
    public void flush(Duration limit) {
        waits.quietly(() -> ended.get() || sender.isEmpty(), EngineTime.nanos() + limit.toNanos());
    }

    /**
     * Waits until the other end has read what was sent, so that no system on the way has anything left that could be lost, at
     * most a time; an interrupt ends the wait and stays set.
     *
     * @return whether it has
     */
    public boolean settle(Duration limit) {
        try { // who reads there answers at once, and reads in order; of no memory there is nothing to look for
            RemoteTask<?> last = asking.request(Question.engine(Frames.SEES, ""), 0, RequestOptions.ENGINE);
            if (last == null || !waits.quietly(last, EngineTime.nanos() + limit.toNanos()) && last.cancel(false)) {
                return false;
            }
            Object unused = last.await();
            return true;
        } catch (ProcessionalException e) {
            return false; // it has ended
        }
    }

    /** Ends the connection on purpose: what has come can still be read, and what is pending fails as closed. */
    public void close() {
        unread.readAll();
        lost(new SlaveClosedException("the connection to " + remoteName() + " was closed"));
    }

    /** The process at the other end was killed: nobody need wait until the connection shows it. */
    public void killed() {
        lost(new EOFException("the process was killed"));
    }

    /** The connection has ended: everything pending fails, once the reason is known. */
    void lost(Throwable why) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        reason = why;
        try {
            closeConnection();
            sender.close();
            leaveReading();
            Peers.remove(this);
            Exports.HERE.releaseAll(held);
            kept.clear();
            objects.close();
            if (!(why instanceof EOFException) && !(why instanceof SlaveClosedException)) {
                Log.engine().debug("connection to " + name() + " ended", why);
            }
        } finally { // whatever goes wrong in here: what is pending ends, and a server counts one client less
            requests.lost(this, why);
        }
    }

    /** A transport that cannot close keeps nobody waiting for what is pending. */
    private void closeConnection() {
        try {
            connection.close();
        } catch (RuntimeException | Error e) {
            Log.engine().warn("closing the connection to " + name() + " failed", e);
        }
    }

    private void leaveReading() {
        try {
            if (reading != null) {
                reading.remove(this);
            }
        } catch (RuntimeException | Error e) { // of a transport, as above
            Log.engine().warn("forgetting the connection to " + name() + " failed", e);
        }
    }

    /** Fails what is pending, with the reason that the owner of the connection found. */
    void failPending(Throwable explained) {
        pending.takeAll(task -> task.lost(explained));
    }
}
