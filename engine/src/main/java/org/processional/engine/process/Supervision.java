// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.processional.ConnectionException;
import org.processional.ProcessionalException;
import org.processional.Restart;
import org.processional.SlaveClosedException;
import org.processional.SlaveDiedException;
import org.processional.SlaveStartException;
import org.processional.WaitInterruptedException;
import org.processional.engine.EngineTime;
import org.processional.engine.Log;
import org.processional.engine.task.Daemons;

/**
 * The processes of a slave that is restarted, one after the other, each with the number of its generation.
 *
 * <pre>
 *             lost, and allowed               started
 *   LIVES ─────────────────────▶ STARTS ─────────────────▶ LIVES
 *     │                            │ failed, not allowed
 *     │ lost, not allowed          ▼
 *     └─────────────────────────▶ DEAD                        from each of them, by close: CLOSED
 * </pre>
 *
 * <p><b>Threads:</b> everything from any thread. One daemon for each restart, which close interrupts and waits for: a start
 * that is interrupted leaves nothing. A lock that virtual threads may wait for; nothing is called with it held. The
 * processes hold this weakly: a handle that is dropped is not restarted.
 */
final class Supervision {
    private static final long LONGEST_JOIN_MILLIS = 10_000;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50); // each is twice as long as the one before
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** Starts the processes. */
    interface Starter {
        /** Starts a process of a generation. */
        ConnectedProcess start(int generation);

        /** Ends what a process that died has left. */
        default void discard(ConnectedProcess dead) {
            dead.discard();
        }
    }

    private final String name;
    private final Restart restart;
    private final Duration startLimit;
    private final Duration firstPause;
    private final Starter starter;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final RestartBudget budget; // guarded by lock
    private volatile ConnectedProcess current; // written with the lock
    private int generation; // of current; guarded by lock, as all below
    private int decided = -1; // the generation whose end was decided upon
    private boolean allowed; // what was decided
    private @Nullable Thread starting;
    private @Nullable ProcessionalException end; // why there will be no further process
    private boolean released; // it may end: it was told to, or outlives us
    private int releasing; // how many calls are about to tell it
    private boolean closed;

    /** Starts the first process. */
    Supervision(String name, Restart restart, Duration startLimit, Starter starter) {
        this(name, restart, startLimit, FIRST_PAUSE, starter);
    }

    /**
     * Starts the first process.
     *
     * @param firstPause how long to wait after a start that failed, the first time
     */
    Supervision(String name, Restart restart, Duration startLimit, Duration firstPause, Starter starter) {
        this.name = name;
        this.restart = restart;
        this.budget = new RestartBudget(restart);
        this.startLimit = startLimit;
        this.firstPause = firstPause;
        this.starter = starter;
        this.current = starter.start(0);
    }

    /** Looks after the first process; not by the constructor, which would give this away before it is whole. */
    Supervision begin() {
        current.supervise(new Watcher(new WeakReference<>(this), 0));
        return this;
    }

    /** What a process tells of its end; without the supervision, as soon as nobody has it. */
    private record Watcher(WeakReference<Supervision> supervision, int generation) implements Link.Supervisor {
        @Override
        public String whatFollows() {
            Supervision of = supervision.get();
            return of == null ? "" : of.decide(generation);
        }

        @Override
        public void lost(@Nullable SlaveDiedException death) {
            Supervision of = supervision.get();
            if (of != null) {
                of.lost(generation, death);
            }
        }
    }

    // ---- the process

    /** The process of now, or the last one. */
    ConnectedProcess latest() {
        return current;
    }

    /**
     * The process of now; waits for one that is being started, at most the start limit.
     *
     * @throws SlaveClosedException if this was closed
     * @throws SlaveDiedException if there will be no further process
     * @throws SlaveStartException if none has started in time
     * @throws WaitInterruptedException if the thread was interrupted
     */
    ConnectedProcess await() {
        ConnectedProcess process = find(startLimit.toNanos());
        if (process == null) {
            throw new SlaveStartException(name + " died, and the process that takes its place was not ready within "
                    + startLimit + "; raise the option startLimit");
        }
        return process;
    }

    /** The process of now; null while one is being started. */
    @Nullable
    ConnectedProcess tryFind() {
        return find(0);
    }

    private @Nullable ConnectedProcess find(long limitNanos) {
        long deadline = EngineTime.nanos() + limitNanos;
        lock.lock();
        try {
            while (true) {
                refuseIfOver();
                if (current.isConnected()) {
                    return current;
                }
                long left = deadline - EngineTime.nanos();
                if (left <= 0) {
                    return null;
                }
                long unused = changed.awaitNanos(EngineTime.system(left));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WaitInterruptedException("interrupted while waiting for " + name + " to be restarted", e);
        } finally {
            lock.unlock();
        }
    }

    private void refuseIfOver() {
        if (closed) {
            throw new SlaveClosedException(current + " is closed");
        }
        ProcessionalException why = end;
        if (why instanceof SlaveDiedException died) {
            throw new SlaveDiedException(String.valueOf(died.getMessage()), died.death(), died.causeTask());
        } else if (why instanceof SlaveClosedException) {
            throw new SlaveClosedException(String.valueOf(why.getMessage()));
        } else if (why instanceof ConnectionException) {
            throw new ConnectionException(String.valueOf(why.getMessage()));
        } else if (why != null) {
            throw new SlaveStartException(String.valueOf(why.getMessage()), why);
        }
    }

    boolean isOpen() {
        lock.lock();
        try {
            return !closed && end == null;
        } finally {
            lock.unlock();
        }
    }

    // ---- restarts

    /** Whether another process takes the place of one that ended, in words; decided once. */
    private String decide(int of) {
        lock.lock();
        try {
            if (of != generation || closed || isReleased()) {
                return "";
            }
            if (decided < of) {
                decided = of;
                allowed = budget.take();
            }
            return allowed ? "another process takes its place, without the objects that lived in it" : refusal();
        } finally {
            lock.unlock();
        }
    }

    private String refusal() {
        return "it is not restarted again: the option restart is " + restart;
    }

    /** The process of a generation has ended. */
    void lost(int of, @Nullable SlaveDiedException death) {
        decide(of); // unless it was
        lock.lock();
        try {
            if (of != generation || closed || end != null || starting != null) {
                return;
            }
            if (isReleased()) {
                end(new SlaveClosedException(current + " has ended, as it was told to"));
            } else if (!allowed) {
                end(
                        death != null
                                ? death
                                : new ConnectionException("the connection to " + current + " was lost; " + refusal()));
            } else {
                startAnother(of + 1);
            }
        } finally {
            lock.unlock();
        }
    }

    private void end(ProcessionalException why) {
        end = why;
        changed.signalAll();
    }

    private void startAnother(int next) {
        Thread thread = Daemons.make("processional-restart-" + name, () -> restart(next));
        try {
            thread.start();
            starting = thread;
        } catch (OutOfMemoryError e) { // no more threads
            end(new SlaveStartException(name + " was not restarted: " + e, e));
        }
    }

    private void restart(int next) {
        discardDead();
        long pauseNanos = firstPause.toNanos();
        boolean over = false;
        while (!over) {
            try {
                install(starter.start(next), next);
                over = true;
            } catch (RuntimeException | Error e) {
                over = !mayTryAgain(e) || !pause(pauseNanos);
                pauseNanos = Math.min(2 * pauseNanos, LONGEST_PAUSE_NANOS);
            }
        }
    }

    /** The process is dead, but for what it started. That it cannot be ended keeps no other from its place. */
    private void discardDead() {
        try {
            starter.discard(current);
        } catch (RuntimeException | Error e) {
            Log.engine().warn("what {} left behind could not be ended", current, e);
        }
    }

    /** Waits after a start that failed, so that a slave that cannot start keeps nobody busy; false if this is closed. */
    private boolean pause(long nanos) {
        long left = EngineTime.system(nanos);
        lock.lock();
        try {
            while (!closed && left > 0) {
                try {
                    left = changed.awaitNanos(left);
                } catch (InterruptedException e) {
                    left = Math.max(1, left); // by who closes this, and has said so: nobody else has this thread
                }
            }
            starting = closed ? null : starting;
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** Makes a process that has started the one of now. */
    private void install(ConnectedProcess started, int next) {
        lock.lock();
        try {
            starting = null;
            if (!closed) {
                current = started;
                generation = next;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
        if (current == started) {
            Log.engine().info("{} was restarted as {}", name, started);
            started.supervise(new Watcher(new WeakReference<>(this), next));
        } else {
            Thread.interrupted(); // by who closed this, and waits
            started.terminate();
        }
    }

    private boolean mayTryAgain(Throwable failure) {
        lock.lock();
        try {
            if (closed) {
                starting = null;
                return false;
            }
            if (budget.take()) {
                Log.engine().warn("{} was not restarted; that is tried again", name, failure);
                return true;
            }
            starting = null;
            end(new SlaveStartException(
                    name + " died, and was not restarted; " + refusal() + ". The last attempt: " + failure.getMessage(),
                    failure));
            return false;
        } finally {
            lock.unlock();
        }
    }

    // ---- the end

    private boolean isReleased() { // guarded by lock
        return released || releasing > 0;
    }

    /** The process is about to be told that it may end; no other takes its place, unless it {@linkplain #told was not}. */
    void release() {
        lock.lock();
        try {
            releasing++;
        } finally {
            lock.unlock();
        }
    }

    /** Whether it was told what {@link #release} began. */
    void told(boolean done) {
        lock.lock();
        try {
            releasing--;
            released |= done;
        } finally {
            lock.unlock();
        }
    }

    /**
     * There will be no further process; one that is being started is given up, and has gone when this returns.
     *
     * @return the last one, which is the caller's to end
     */
    ConnectedProcess close() {
        Thread starts;
        lock.lock();
        try {
            closed = true;
            starts = starting;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (starts != null && starts != Thread.currentThread()) {
            starts.interrupt();
            join(starts);
        }
        return current;
    }

    private void join(Thread starts) {
        boolean interrupted = Thread.interrupted();
        long deadline = EngineTime.nanos() + TimeUnit.MILLISECONDS.toNanos(LONGEST_JOIN_MILLIS);
        while (starts.isAlive() && EngineTime.nanos() - deadline < 0) {
            try {
                starts.join(100);
            } catch (InterruptedException e) {
                interrupted = true; // it takes moments: the start that it waits for is killed
            }
        }
        if (starts.isAlive()) {
            Log.engine().warn("{} is still being started; it is ended as soon as it has", name);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
