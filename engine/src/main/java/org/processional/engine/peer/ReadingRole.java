// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.processional.engine.EngineTime;

/**
 * Who may read: a role, not a thread.
 *
 * <p>FREE; HELD by a thread that waits for something and reads meanwhile; or with the deputy, a background thread that
 * is either waiting for data (DEPUTY: anybody may take the role from it) or reading (DEPUTY_READS). The rules that
 * keep wake-ups from being lost:
 *
 * <ul>
 *   <li>Who cannot take the role enters {@code hopefuls}, then looks at the state again, then parks.
 *   <li>Who frees the role writes FREE, then looks at {@code hopefuls}, then at whether the deputy sleeps. One of them
 *       is woken: a hopeful that goes without the role, since its time is up, say, passes that on.
 *   <li>While the role is FREE, the deputy is awake or in a timed park of {@link #TICK_NANOS}, and takes a role that
 *       nobody took since its last tick.
 *   <li>Who took the role from a deputy that waits for data all the time gives it back as it was. The deputy may just
 *       have come out of that: it has the role then, and finds that out at its next tick, or is woken if it sleeps.
 * </ul>
 *
 * <p><b>Threads:</b> from any thread; {@code deputy…} methods by the deputy alone.
 */
final class ReadingRole {
    private static final int FREE = 0;
    private static final int HELD = 1;
    private static final int DEPUTY = 2;
    private static final int DEPUTY_READS = 3;

    /** How long the deputy leaves a role that was in use: what a cancel may be late by, behind a task that just began. */
    static final long TICK_NANOS = 1_000_000;

    /** The longest tick, where the role goes from hand to hand: each costs a thread that spins its processor for a while. */
    private static final long LONGEST_TICK_NANOS = 8_000_000;

    /** Claims from one tick to the next that lengthen it. */
    private static final int MANY_CLAIMS = 16;

    /** Ticks without any change until the deputy sleeps. */
    private static final int TICKS_TO_SLEEP = 20;

    private static final VarHandle STATE;
    private static final VarHandle CLAIMS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(ReadingRole.class, "state", int.class);
            CLAIMS = lookup.findVarHandle(ReadingRole.class, "claims", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** A thread that would take the role if it came free. */
    private static final class Hopeful {
        final Thread thread = Thread.currentThread();
        volatile boolean waiting = true; // cleared by its thread, read by who frees the role
    }

    private volatile int state; // by STATE
    private volatile long claims; // written by who takes the role, by CLAIMS; read by the deputy
    private volatile boolean deputySleeps; // written by the deputy, read by who frees the role
    private volatile boolean nudged; // set by any, cleared by the deputy: take the role at once
    private volatile @Nullable Thread deputy; // written by who starts it
    private final ConcurrentLinkedQueue<Hopeful> hopefuls = new ConcurrentLinkedQueue<>();

    /** Takes the role if it is free, or with a deputy that only waits. */
    boolean tryClaim() {
        int now = state;
        if ((now == FREE || now == DEPUTY) && STATE.compareAndSet(this, now, HELD)) {
            claimed();
            return true;
        }
        return false;
    }

    /** Counts a claim; only the holder of the role does. The deputy need not see it at once. */
    private void claimed() {
        CLAIMS.setOpaque(this, claims + 1);
    }

    /**
     * Frees the role.
     *
     * @param needed whether somebody should read soon, because answers are due that nobody waits for
     */
    void release(boolean needed) {
        state = FREE;
        if (!wakeHopeful() && (needed || deputySleeps)) {
            wakeDeputy();
        }
    }

    /** Frees the role for a deputy that waits for data. */
    void giveBack() {
        state = DEPUTY;
        if (!wakeHopeful() && deputySleeps) {
            wakeDeputy();
        }
    }

    private boolean wakeHopeful() {
        for (Hopeful next = hopefuls.poll(); next != null; next = hopefuls.poll()) {
            if (next.waiting) {
                LockSupport.unpark(next.thread);
                return true;
            }
        }
        return false;
    }

    /** Makes the deputy come round. */
    void wakeDeputy() {
        LockSupport.unpark(deputy);
    }

    /** Makes the deputy take the role at once if nobody has it, for a thread that cannot take it itself. */
    void nudge() {
        if (state == FREE) {
            nudged = true;
            wakeDeputy();
        }
    }

    /**
     * Parks until the role may be free, or the thread is unparked for what it waits for.
     *
     * @param nanos longest time
     * @return whether the role may have been offered to it; if it does not take it, it is to {@link #passOn}
     */
    boolean parkHopefully(long nanos, Awaited awaited) {
        Hopeful self = new Hopeful();
        hopefuls.add(self);
        int now = state;
        if (!awaited.isDone() && (now == HELD || now == DEPUTY_READS)) {
            if (nanos == Long.MAX_VALUE) {
                LockSupport.park(this);
            } else {
                EngineTime.park(this, nanos);
            }
        }
        self.waiting = false;
        return !hopefuls.remove(self); // who frees the role takes out whom it wakes
    }

    /** Wakes another one for a role that was offered to the calling thread, which needs it no more. */
    void passOn() {
        int now = state;
        if ((now == FREE || now == DEPUTY) && !wakeHopeful()) {
            wakeDeputy();
        }
    }

    /** Whether the deputy has the role and waits. */
    boolean isDeputys() {
        return state == DEPUTY;
    }

    /** Whether the deputy is reading, which it never does for long. */
    boolean isReadByDeputy() {
        return state == DEPUTY_READS;
    }

    void deputyIs(Thread thread) {
        deputy = thread;
    }

    /**
     * Waits until the deputy has the role; returns at once where somebody wants it to end.
     *
     * @param round what else to do now and then; false if it need not come again
     */
    void deputyTakesRole(BooleanSupplier round, Awaited end) {
        long seen = claims;
        long tick = TICK_NANOS;
        int ticks = 0;
        while (!end.isDone() && state != DEPUTY) {
            boolean isBusy = claims - seen > MANY_CLAIMS;
            tick = isBusy ? Math.min(2 * tick, LONGEST_TICK_NANOS) : TICK_NANOS;
            boolean unserved = nudged || (claims == seen && ticks > 0);
            nudged = false;
            if (unserved && STATE.compareAndSet(this, FREE, DEPUTY)) {
                return;
            }
            ticks = claims == seen ? ticks + 1 : 1;
            seen = claims;
            boolean again = round.getAsBoolean();
            if (!again && ticks > TICKS_TO_SLEEP && state == HELD) {
                sleep();
                ticks = 1;
            } else {
                LockSupport.parkNanos(this, again ? TICK_NANOS : tick);
            }
            Thread.interrupted();
        }
    }

    private void sleep() {
        deputySleeps = true;
        if (state == HELD) { // else it was freed before deputySleeps could be seen
            LockSupport.park(this);
        }
        deputySleeps = false;
    }

    /** Begins to read; false if somebody took the role meanwhile. */
    boolean deputyBegins() {
        return STATE.compareAndSet(this, DEPUTY, DEPUTY_READS);
    }

    /** Ends reading; the role stays with the deputy. */
    void deputyPauses() {
        state = DEPUTY;
    }
}
