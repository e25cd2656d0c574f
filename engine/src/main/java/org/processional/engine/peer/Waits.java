// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.processional.WaitInterruptedException;
import org.processional.engine.EngineTime;
import org.processional.engine.task.Durations;
import org.processional.engine.task.VirtualThreads;

/**
 * How threads wait for something of a connection: they read it meanwhile, if it can be polled.
 *
 * <p><b>Threads:</b> from any thread.
 */
final class Waits {
    private final Peer peer;
    private final @Nullable Reading reading; // null: a reader thread of its own

    Waits(Peer peer, @Nullable Reading reading) {
        this.peer = peer;
        this.reading = reading;
    }

    /** Waits while the other end takes too little of what was sent; reads meanwhile if it can. */
    void forRoom() {
        if (!peer.hasRoom()) { // a wait that is interrupted is over: what was sent is on its way in any case
            boolean unused =
                    quietly(() -> !peer.isOpen() || peer.hasMuchRoom(), EngineTime.nanos() + Durations.LONGEST);
        }
    }

    /**
     * Waits for a chance to schedule.
     *
     * @return whether it came in time
     * @throws WaitInterruptedException if the thread was interrupted
     */
    boolean forChance(Awaited awaited, long deadline) {
        try {
            return steps(awaited, deadline);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WaitInterruptedException("interrupted while waiting for room; nothing was scheduled", e);
        }
    }

    /** Waits for something that unparks nobody, in steps; reads meanwhile if it can. */
    private boolean steps(Awaited awaited, long deadline) throws InterruptedException {
        peer.sendHeld();
        while (!awaited.isDone()) {
            long step = Math.min(deadline, EngineTime.nanos() + ReadingRole.TICK_NANOS);
            if (reading != null && !VirtualThreads.isCurrent()) {
                reading.awaitOrRead(awaited, false, true, step);
            } else {
                if (reading != null) {
                    reading.nudge();
                }
                LockSupport.parkNanos(peer, ReadingRole.TICK_NANOS);
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (EngineTime.nanos() - deadline >= 0) {
                return awaited.isDone();
            }
        }
        return true;
    }

    /** Waits for the answer of a request; reads, and runs what comes back in its chain, meanwhile. */
    boolean forAnswer(RemoteTask<?> task, boolean timed, long deadlineNanos) throws InterruptedException {
        peer.sendHeld();
        if (task.beginsToBeAwaited()) {
            peer.sendAbout(task, Frames.AWAITS, 0);
        }
        Chains.Member member = Chains.bind(peer.key(task.chain()));
        if (member == null) {
            return orRead(task, timed, deadlineNanos);
        }
        if (member.isNew()) { // the task was scheduled before: calls of it may have come, and gone home
            Peers.offerTo(member);
        }
        Awaited awaited = member.or(task);
        Peer before = member.waitsAt(peer);
        try {
            while (true) {
                boolean came = orRead(awaited, timed, deadlineNanos);
                if (task.isDone()) {
                    return true;
                }
                Request next = member.next();
                if (next != null) {
                    next.run();
                } else if (!came) {
                    return false;
                }
            }
        } finally {
            member.waitsAt(before);
            Chains.leave(member);
        }
    }

    private boolean orRead(Awaited awaited, boolean timed, long deadlineNanos) throws InterruptedException {
        if (reading == null) {
            return awaited.park(timed, deadlineNanos);
        }
        boolean spin = peer.pendingRequests() <= 1;
        return VirtualThreads.isCurrent()
                ? reading.awaitVirtually(awaited, spin, timed, deadlineNanos)
                : reading.awaitOrRead(awaited, spin, timed, deadlineNanos);
    }

    /** Waits in the same way; an interrupt ends the wait and stays set. */
    boolean quietly(Awaited awaited, long deadline) {
        try {
            return steps(awaited, deadline);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
