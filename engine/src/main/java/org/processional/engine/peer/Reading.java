// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.io.IOException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.processional.Waiting;
import org.processional.engine.EngineTime;
import org.processional.engine.Log;
import org.processional.engine.task.Daemons;
import org.processional.engine.task.Spin;
import org.processional.engine.task.SpinBudget;
import org.processional.engine.task.VirtualThreads;
import org.processional.spi.PollableTransport;
import org.processional.spi.Transport;
import org.processional.spi.WaitSet;

/**
 * The connections that are read together: the one of a client, or all of a server. They share a {@link ReadingRole}, a
 * wait set, and a deputy.
 *
 * <p><b>Threads:</b> {@code poll} and {@code await} by the holder of the role, the rest from any thread. The lock order
 * is: none; nothing here is called with a lock held.
 */
public final class Reading implements AutoCloseable {
    private static final int ROUNDS_TO_REST = 20;
    private static final int YIELDS = 20;
    private static final int ROW = 4;
    private static final int LOOKS_PER_POLL = 8;

    private final ReadingRole role = new ReadingRole();
    private final WaitSet waitSet;
    private final CopyOnWriteArrayList<Peer> peers = new CopyOnWriteArrayList<>();
    private final SpinBudget budget;
    private volatile boolean deputyWaits; // written by the deputy, read by the holder of the role
    private boolean sparesDeputy; // holder of the role only, as the next three
    private volatile @Nullable Peer latest; // from which frames came, where there are several
    private int row; // of polls that found frames of it alone
    private int looks;
    private volatile boolean unread; // set by the deputy that was woken, cleared by who reads next
    private volatile boolean looksAfterHeld = true; // the deputy comes round soon, and sends what is held
    private volatile boolean hasHeld; // set by who holds frames, cleared by the deputy
    private int quietRounds; // deputy only
    private volatile boolean closed; // written by close, read by any
    private @Nullable Thread deputy; // guarded by this

    /**
     * Opens a room for the connections of a transport.
     *
     * @param transport makes the wait set
     * @param budget how long its readers spin
     * @throws IOException if the system refuses
     */
    public Reading(PollableTransport transport, SpinBudget budget) throws IOException {
        this.budget = budget;
        this.waitSet = transport.openWaitSet();
    }

    /** A room for one connection of a transport; null if such connections cannot be polled. */
    public static @Nullable Reading of(Transport transport) throws IOException {
        return transport instanceof PollableTransport pollable
                ? new Reading(pollable, new SpinBudget(Waiting.SPIN_THEN_PARK))
                : null;
    }

    /** Adds a connection whose handshake is done, and gives it a deputy. */
    void add(Peer peer) throws IOException {
        waitSet.add(peer.pollable());
        peers.add(peer);
        startDeputy(peer.name());
        waitSet.wakeUp(); // so that a waiting holder polls what came before the connection was in the set
    }

    private synchronized void startDeputy(String name) {
        if (deputy == null && !closed) {
            Thread made = Daemons.make("processional-reader-" + name, new Runnable() {
                @Override
                public void run() {
                    serveAsDeputy();
                }
            });
            role.deputyIs(made);
            made.start();
            deputy = made; // last: where the system has no more threads, the next connection tries again
        }
    }

    /** Forgets a connection that has ended. */
    void remove(Peer peer) {
        peers.remove(peer);
        if (peer == latest) {
            latest = null;
        }
        waitSet.remove(peer.pollable());
    }

    /** Takes the role if nobody reads. */
    boolean tryClaim() {
        if (!role.tryClaim()) {
            return false;
        }
        sparesDeputy = deputyWaits && spareDeputy();
        return true;
    }

    /** Whether the deputy is not woken for what is read by who has the role. */
    private boolean spareDeputy() {
        boolean spared = true;
        for (Peer peer : peers) {
            spared &= waitSet.attended(peer.pollable());
        }
        return spared;
    }

    /**
     * Waits until the role may be free, which somebody else has (the deputy for a moment, another thread perhaps for as long
     * as it waits for an answer), or the caller is unparked for something else.
     *
     * @return whether it has the role now
     */
    boolean awaitTurn(Awaited other) {
        if (role.isReadByDeputy()) {
            Thread.onSpinWait();
            return false;
        }
        return role.parkHopefully(Long.MAX_VALUE, other) && tryClaim(); // who has it otherwise wakes the next
    }

    /** Frees the role. */
    void release() {
        if (!sparesDeputy || !deputyWaits) {
            role.release(answersAreDue());
            return;
        }
        role.giveBack();
        for (Peer peer : peers) {
            waitSet.unattended(peer.pollable());
        }
    }

    private boolean answersAreDue() {
        for (Peer peer : peers) {
            if (peer.pendingRequests() > 0 || peer.isStalled()) {
                return true;
            }
        }
        return false;
    }

    /** Wakes the deputy if nobody reads, for a thread that cannot. */
    void nudge() {
        role.nudge();
    }

    /** Ends the wait of who holds the role. */
    void wakeUp() {
        waitSet.wakeUp();
    }

    /** Asks to be told of room on a stalled connection. */
    void wantRoom(Peer peer) {
        writable(peer, true);
        waitSet.wakeUp();
        role.nudge();
    }

    /** Says whether a connection waits for room. */
    void writable(Peer peer, boolean wanted) {
        waitSet.writable(peer.pollable(), wanted);
    }

    /**
     * Reads what is there, without waiting.
     *
     * @return the number of frames
     */
    int poll() {
        int frames = 0;
        if (peers.size() == 1) {
            for (Peer peer : peers) {
                frames += peer.poll();
            }
            return frames;
        }
        sendDeputyOut();
        try {
            waitSet.await(0);
        } catch (IOException e) {
            return failed(e);
        }
        for (Peer peer : peers) {
            if (waitSet.isReady(peer.pollable())) {
                int some = peer.poll();
                frames += some;
                if (some > 0) {
                    cameFrom(peer);
                }
            }
        }
        return frames;
    }

    private void cameFrom(Peer peer) {
        row = peer == latest ? row + 1 : 0;
        latest = peer;
        if (!peer.isOpen()) { // perhaps since just now: who ends it takes it out, before this or after
            latest = null;
        }
    }

    /** The same for one who spins: where frames came from one of many peers alone, mostly that one is asked. */
    int look() {
        Peer alone = row >= ROW ? latest : null;
        return alone == null || ++looks % LOOKS_PER_POLL == 0 ? poll() : alone.poll();
    }

    private int failed(IOException e) {
        if (!closed) {
            Log.engine().warn("waiting for connections failed", e);
        }
        return 0;
    }

    /**
     * One thread waits in the set at a time, and the deputy may still be inside when somebody takes the role from it. On
     * its way out it may take a wake-up along that was meant for the holder: so who is about to wait sends it out first,
     * then looks whether there is a reason to wait. And it may have been told what is told once, as that a connection was
     * closed: so a wait behind it is none, and its caller reads.
     */
    void sendDeputyOut() {
        if (deputyWaits) {
            waitSet.wakeUp();
            for (int turns = 0; deputyWaits; turns++) { // it is on its way, if it has a processor
                if (turns < YIELDS && !VirtualThreads.isCurrent()) {
                    Thread.yield(); // it may be on this one, and the shortest sleep takes 50 microseconds
                } else {
                    LockSupport.parkNanos(this, 1_000);
                }
            }
        }
    }

    /** Waits until there may be something to read, and the caller reads; the interrupt flag ends the wait and stays set. */
    void await(long nanos) {
        sendDeputyOut();
        if (unread) {
            unread = false;
        } else {
            waitInSet(nanos);
        }
        for (Peer peer : peers) {
            peer.resumeWriting();
        }
    }

    private void waitInSet(long nanos) {
        try {
            waitSet.await(nanos);
        } catch (IOException e) {
            failed(e);
        }
    }

    /**
     * Reads until something has come.
     *
     * @param awaited what the caller waits for
     * @param spin whether to spin first
     * @param timed whether there is a limit
     * @param deadlineNanos the limit, a time of {@link EngineTime#nanos()}
     * @return whether it has come
     * @throws InterruptedException if the thread was interrupted; its flag is clear then
     */
    boolean awaitOrRead(Awaited awaited, boolean spin, boolean timed, long deadlineNanos) throws InterruptedException {
        Spin spinning = spin ? budget.begin() : SpinBudget.none();
        Object entry = null;
        boolean offered = false; // the role, which this thread has not taken since
        try {
            while (!awaited.isDone()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                long rest = timed ? deadlineNanos - EngineTime.nanos() : Long.MAX_VALUE;
                if (rest <= 0) {
                    return awaited.isDone();
                }
                if (closed) {
                    LockSupport.parkNanos(this, ReadingRole.TICK_NANOS);
                } else if (tryClaim()) {
                    offered = false;
                    try {
                        readUntil(awaited, spinning, EngineTime.system(rest));
                    } finally {
                        release();
                    }
                } else if (entry == null && spinning.goesOn()) {
                    Thread.onSpinWait();
                } else if (entry == null) {
                    entry = awaited.enter(); // then once more around, since the role may have come free meanwhile
                    offered |= role.parkHopefully(entry == null ? ReadingRole.TICK_NANOS : rest, awaited);
                } else {
                    offered |= role.parkHopefully(rest, awaited);
                }
            }
        } finally {
            if (offered) {
                role.passOn();
            }
            awaited.leave(entry);
        }
        spinning.ended(true);
        return true;
    }

    /** As {@link #awaitOrRead}, for a virtual thread: it reads while it spins, and never sleeps with the role. */
    boolean awaitVirtually(Awaited awaited, boolean spin, boolean timed, long deadlineNanos)
            throws InterruptedException {
        long longest = SpinBudget.LONGEST_VIRTUAL_NANOS;
        Spin spinning = spin
                ? budget.begin(
                        timed ? Math.min(longest, EngineTime.system(deadlineNanos - EngineTime.nanos())) : longest)
                : SpinBudget.none();
        Thread thread = Thread.currentThread();
        while (!awaited.isDone() && spinning.goesOn() && !thread.isInterrupted()) {
            if (!tryClaim()) {
                Thread.onSpinWait();
                continue;
            }
            try {
                do {
                    look();
                } while (!awaited.isDone() && spinning.goesOn() && !thread.isInterrupted());
            } finally {
                release();
            }
        }
        boolean came = awaited.isDone();
        if (!came) {
            nudge();
            came = awaited.park(timed, deadlineNanos);
        }
        spinning.ended(came);
        return came;
    }

    /** Reads while spinning pays, then waits once, which tells at once of what is there; the caller holds the role. */
    private void readUntil(Awaited awaited, Spin spinning, long rest) {
        while (spinning.goesOn()) {
            look();
            if (awaited.isDone()) {
                return;
            }
        }
        sendDeputyOut();
        if (!awaited.isDone()) {
            await(rest);
            poll();
        }
    }

    // ---- frames that are held

    /** Whether the deputy comes round soon, and sends what is held by then. Asked by who holds a frame, after it did. */
    boolean looksAfterHeld() {
        if (!hasHeld) {
            hasHeld = true;
        }
        return looksAfterHeld;
    }

    /** Makes the deputy come round. */
    void lookAfterHeld() {
        looksAfterHeld = true;
        role.wakeDeputy();
        waitSet.wakeUp();
    }

    /** A round of the deputy; it rests when there was nothing for a while, until it is called. */
    private boolean goRound() {
        quietRounds = hasHeld ? 0 : quietRounds + 1;
        hasHeld = false;
        if (quietRounds > ROUNDS_TO_REST) {
            looksAfterHeld = false; // who holds a frame looks at it afterwards, and we look at the frames afterwards
        }
        for (Peer peer : peers) {
            peer.sendHeld();
        }
        return looksAfterHeld;
    }

    private void serveAsDeputy() {
        while (!closed) {
            role.deputyTakesRole(this::goRound, () -> closed);
            while (!closed && role.isDeputys()) {
                waitAsDeputy(goRound() ? ReadingRole.TICK_NANOS : Long.MAX_VALUE);
                if (role.deputyBegins()) {
                    try {
                        unread = false;
                        for (Peer peer : peers) {
                            peer.resumeWriting();
                        }
                        poll();
                    } finally {
                        role.deputyPauses();
                    }
                }
            }
        }
    }

    private void waitAsDeputy(long nanos) {
        deputyWaits = true;
        try {
            if (role.isDeputys()) { // else the new holder waits for us
                waitInSet(nanos);
                unread = true;
            }
        } finally {
            deputyWaits = false;
        }
        Thread.interrupted(); // nobody has a reason to interrupt the deputy
    }

    /** Ends the deputy. The connections are closed by their owners. */
    @Override
    public void close() {
        closed = true;
        waitSet.wakeUp();
        role.wakeDeputy();
        Thread thread;
        synchronized (this) {
            thread = deputy;
        }
        boolean interrupted = false;
        while (thread != null && thread != Thread.currentThread() && thread.isAlive()) {
            try {
                thread.join(1000);
                waitSet.wakeUp();
                role.wakeDeputy();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        waitSet.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
