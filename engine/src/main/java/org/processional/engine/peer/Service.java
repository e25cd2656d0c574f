// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.processional.ConnectionException;
import org.processional.SlaveClosedException;
import org.processional.engine.EngineTime;
import org.processional.engine.Log;
import org.processional.engine.task.Completions;
import org.processional.engine.task.SpinBudget;
import org.processional.engine.thread.ProcessionalThread;
import org.processional.spi.Connection;

/**
 * This process as it serves others: who they are, where their requests go, and how that ends.
 *
 * <p><b>Threads:</b> {@link #run()} is the main thread; everything else from any thread.
 */
public final class Service implements Requests {
    /** What the owner of the service decides. */
    public interface Owner extends Control {
        /** A client takes records of the log; called by the thread that reads, which must not wait. */
        default void listens(Peer peer) {}

        /** A client has left; called by the thread that noticed, which must not wait. */
        void left(int remaining);
    }

    private static final CodeOffer NO_OFFER = new CodeOffer(CodeOffer.Policy.NONE);
    private static final long LOOK_NANOS = 1_000_000;

    private final @Nullable Reading reading; // null: each connection has a reader thread
    private final Owner owner;
    private final Policy policy;
    private final Semaphore seats; // for clients
    private final OwnThreads threads; // of requests that run beside the queue
    private final MainThread main;
    private final Set<Request> beside = ConcurrentHashMap.newKeySet(); // requests that are not in the queue
    private final Set<Request> answering = ConcurrentHashMap.newKeySet(); // those of them that have ended
    private final Set<Peer> peers = ConcurrentHashMap.newKeySet();
    private volatile boolean refusing; // written by finish
    private volatile boolean ending; // written by finish and abandon

    /** A service whose connections are read in one room, or each by a thread of its own. */
    public Service(@Nullable Reading reading, Owner owner, SpinBudget budget, Policy policy) {
        this.reading = reading;
        this.owner = owner;
        this.policy = policy;
        this.seats = new Semaphore(policy.limits().connections());
        this.threads = new OwnThreads(policy.limits().threads());
        this.main = new MainThread(this, reading, budget, peers);
        Chains.use();
    }

    /**
     * Greets a client that connected; {@link #begin} serves it.
     *
     * @return the client
     * @throws ConnectionException if it was refused
     * @throws IOException if the connection breaks
     */
    public Peer welcome(Connection connection, Handshake.Terms terms, Duration limit) throws IOException {
        Peer peer;
        boolean seated = seats.tryAcquire();
        try {
            String refusal = refusing ? "it takes no clients any more" : null;
            if (!seated && refusal == null) {
                refusal = "it serves " + policy.limits().connections()
                        + " clients already, as many as its limit connections allows; try again later, or raise it there";
            }
            peer = new Peer(connection, reading, this, Handshake.accept(connection, terms, limit, refusal));
        } catch (IOException | RuntimeException | Error e) {
            if (seated) {
                seats.release();
            }
            connection.close();
            throw e;
        }
        peers.add(peer); // before it knows, so that it counts when another one, which it may know of, leaves
        try {
            Handshake.welcome(connection, terms, peer.partner());
        } catch (IOException | RuntimeException | Error e) {
            peer.lost(e);
            throw e;
        }
        return peer;
    }

    /** Serves a client that was greeted from now on. */
    public void begin(Peer peer) throws IOException {
        try {
            peer.start();
        } catch (IOException | RuntimeException | Error e) { // no more threads, for example
            peer.lost(e);
            throw e;
        }
        if (!peer.isOpen()) {
            forget(peer);
        }
    }

    /** The service whose request the calling thread runs. */
    public static Service current() {
        if (RequestBody.currentOwner() instanceof Service service) {
            return service;
        }
        throw new ConnectionException("process " + Identity.PID + " serves nobody here");
    }

    /** Number of clients; visitors are none, nor are processes that are connected at the wish of a third. */
    public int clients() {
        int clients = 0;
        for (Peer peer : peers) {
            clients += peer.partner().isClient() ? 1 : 0;
        }
        return clients;
    }

    @Override
    public Load load() {
        int waiting = main.waiting(); // first: what begins meanwhile is counted twice, and not overlooked
        return new Load(clients(), beside.size() + (main.isBusy() ? 1 : 0), waiting);
    }

    /** Runs what clients ask for, until the service ends; the calling thread is the main thread. */
    public void run() {
        main.run();
    }

    // ---- requests

    @Override
    public void add(Request request) {
        if (request.isOfLife()) { // also while all else waits, perhaps for ever
            beside(request);
            Completions.run(request);
        } else if (refusing) {
            Completions.run(() -> request.refuse(
                    new SlaveClosedException("process " + Identity.PID + " is ending and takes no more tasks")));
        } else if (request.kind() == Frames.THREAD) {
            runBeside(request);
        } else {
            Home home = request.home();
            if (home == null || home == main) {
                main.add(request);
            } else {
                beside(request);
                home.add(request);
            }
        }
    }

    @Override
    public void beside(Request request) {
        if (request.countsNow()) {
            beside.add(request);
        }
    }

    /** The main thread has passed a request that a thread of its chain runs, unless it was cancelled. */
    void runsElsewhere(Request request) {
        if (request.countsNow()) {
            beside.add(request);
            if (request.isOver()) { // asked after it was added: else its end has seen it there
                beside.remove(request);
            }
        }
    }

    @Override
    public ClassLoader loader(Exports.@Nullable Entry entry) {
        ClassLoader context = main.loader();
        return context == null ? ClassLoader.getSystemClassLoader() : context;
    }

    @Override
    public Policy policy() {
        return policy;
    }

    @Override
    public CodeOffer offer() {
        return NO_OFFER;
    }

    @Override
    public Home home() {
        return main;
    }

    @Override
    public boolean isBusyAfter(Request request) {
        return main.isBusyAfter(request);
    }

    private void runBeside(Request request) {
        if (!threads.begin(request)) {
            return;
        }
        beside.add(request);
        String name = "processional-thread-" + request.ticket();
        Thread thread = new ProcessionalThread(request, name, false, false); // with nothing of the thread that reads
        thread.setContextClassLoader(main.loader());
        try {
            thread.start();
        } catch (OutOfMemoryError e) { // no more threads
            if (beside.remove(request)) {
                threads.ended();
            }
            Completions.run(() -> request.refuse(e));
        }
    }

    @Override
    public void ended(Request request) {
        if (!beside.contains(request)) {
            return;
        }
        answering.add(request); // before it leaves, so that a service that ends waits for its answer
        if (beside.remove(request) && request.kind() == Frames.THREAD) {
            threads.ended();
        }
    }

    @Override
    public void answered(Request request) {
        if (answering.remove(request) && ending) {
            main.wake();
        }
    }

    @Override
    public void offerTo(Chains.Member member) {
        main.offerTo(member);
        for (Request request : beside) {
            request.offerTo(member);
        }
    }

    @Override
    public void about(Peer peer, long ticket, int kind, int flags) {
        main.about(peer, ticket, kind, flags);
        for (Request request : beside) {
            request.about(peer, ticket, kind, flags);
        }
    }

    @Override
    public void roomMade() {
        main.wake();
    }

    @Override
    public void lost(Peer peer, Throwable why) {
        peer.failPending(explain(peer, why));
        forget(peer);
        main.wake(); // who was deaf takes everything now
    }

    private void forget(Peer peer) {
        if (peers.remove(peer)) {
            seats.release();
            if (peer.partner().isClient()) {
                owner.left(clients());
            }
        }
    }

    @Override
    public Throwable explain(Peer peer, Throwable why) {
        return why instanceof SlaveClosedException
                ? why
                : new ConnectionException("the connection to " + peer.remoteName() + " was lost", why);
    }

    @Override
    public Control control() {
        return owner;
    }

    @Override
    public void listens(Peer peer) {
        owner.listens(peer);
    }

    // ---- the end

    /** Takes nothing new, finishes what is queued or runs, then ends the main thread. */
    public void finish() {
        refusing = true;
        ending = true;
        main.wake();
    }

    /** Takes nothing new and drops what is queued; what runs goes on. */
    public void drop() {
        refusing = true;
        main.refuseAll(Service::stopped);
        finish();
    }

    private static SlaveClosedException stopped() {
        return new SlaveClosedException("process " + Identity.PID + " was stopped");
    }

    /** Takes nothing new and drops what is queued; interrupts what runs, and waits for what it has to say. */
    public void abandon() {
        drop();
        main.stop(stopped());
        for (Request request : beside) {
            request.stop(stopped());
        }
    }

    /** Does not wait any more for what has not heeded its interrupt. */
    public void giveUp() {
        beside.clear();
        answering.clear();
        main.wake();
    }

    /** Whether it takes nothing new. */
    public boolean isEnding() {
        return ending;
    }

    /** Whether nothing runs beside the queue, and all that did is answered. */
    boolean isDoneBeside() {
        return beside.isEmpty() && answering.isEmpty(); // in this order
    }

    /** Waits until the answers have been taken by the system, and the memory in them by the others, at most a time. */
    public void flush(Duration limit) {
        long deadline = EngineTime.nanos() + limit.toNanos();
        for (Peer peer : peers) {
            peer.askToRead();
            peer.flush(Duration.ofNanos(Math.max(0, deadline - EngineTime.nanos())));
        }
        for (Peer peer : peers) {
            while (peer.isBeingRead()
                    && peer.isOpen()
                    && deadline - EngineTime.nanos() > 0
                    && !Thread.currentThread().isInterrupted()) { // else somebody is in a hurry
                LockSupport.parkNanos(this, LOOK_NANOS);
            }
        }
    }

    /** Tells all clients of the call of {@code System.exit} that ends this process, if one does; for a shutdown hook. */
    public void sayFarewell() {
        Farewell farewell = peers.isEmpty() ? null : Farewell.ofNow();
        if (farewell != null) {
            for (Peer peer : peers) {
                peer.sendControl(Frames.FAREWELL, 0, 0, farewell.write());
            }
        }
    }

    /** Closes all connections. */
    public void disconnect() {
        for (Peer peer : peers) {
            try {
                peer.close();
            } catch (RuntimeException e) {
                Log.engine().warn("closing the connection to " + peer.remoteName() + " failed", e);
            }
        }
        if (reading != null) {
            reading.close();
        }
    }
}
