// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.processional.Cancel;
import org.processional.StandInException;
import org.processional.engine.Log;
import org.processional.engine.task.Completions;
import org.processional.engine.task.Doing;
import org.processional.engine.task.Durations;
import org.processional.engine.task.Failure;
import org.processional.engine.task.Timers;
import org.processional.engine.thread.TaskTerms;

/**
 * How far one request has gone down the ladder: asked to stop, killed; and its time limit. The answer to the request is
 * what tells that its function has ended, and by which rung; until it has come, the next rung may follow.
 *
 * <p>At the limit, the other end is told to stop the function and to tell what it is doing. The task ends when that has
 * come, or after a moment without it. The same goes before a kill: a function that is known to run has its grace and no
 * more; a process that says nothing has 2 seconds longer, since the task may wait in its queue.
 *
 * <p><b>Threads:</b> from any thread; the state is guarded by this, and nothing is called with it.
 */
final class Ladder {
    /** How long the other end has to tell what a task is doing whose time is over. */
    private static final long TELL_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** How much longer than its grace a process has to tell that the task does not wait in a queue. */
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final RemoteTask<?> task;
    private final Peer peer;
    private final @Nullable TaskTerms terms;
    private boolean late; // its time was over before it ended
    private @Nullable String doing; // when it was to be stopped; null until that is told
    private boolean silent; // its grace was over before that
    private @Nullable Duration graceOver; // the grace that was
    private boolean killing; // its process is being killed
    private boolean over; // its function runs no more
    private Cancel.@Nullable Rung endedBy;
    private @Nullable Future<?> telling;
    private @Nullable Future<?> grace;

    /** The ladder of a request; it stands, and nobody goes. */
    Ladder(RemoteTask<?> task, Peer peer, @Nullable TaskTerms terms) {
        this.task = task;
        this.peer = peer;
        this.terms = terms;
    }

    /**
     * Refuses to go where this process may not.
     *
     * @throws IllegalArgumentException if it shall kill a process that is not its own
     */
    static void requireKillable(Peer peer, Cancel how) {
        if (how.mayKill() && peer.killer() == null) {
            throw new IllegalArgumentException(
                    how + ": " + peer.remoteName() + " was not started by this process, and may"
                            + " serve others; only its owner can have it killed: use Cancel.interrupt(), or cancel the task in the"
                            + " process that started it");
        }
    }

    /** The request is on its way: its time counts. */
    void watch() {
        TaskTerms given = terms;
        if (given != null) {
            given.start(() -> expire(given));
        }
    }

    /** Which rung has ended it; empty if none has, or it is not known yet. */
    synchronized Optional<Cancel.Rung> endedBy() {
        return Optional.ofNullable(endedBy);
    }

    // ---- down

    /**
     * Somebody cancels it.
     *
     * @return whether the handle ended by that
     */
    boolean cancel(Cancel how) {
        boolean won = task.end(Failure.cancelled());
        if (won || !task.isAnswered()) {
            stop(how, 0);
        }
        return won;
    }

    /** Its time is over; on the timer's thread. */
    private void expire(TaskTerms given) {
        synchronized (this) {
            if (over || task.isDone()) {
                return;
            }
            late = true;
            telling = Timers.after(TELL_NANOS, () -> endLate(Doing.unknown(silence())));
        }
        stop(given.atLimit(), Frames.TELL);
    }

    private String silence() {
        return peer.remoteName() + " did not say within " + TimeUnit.NANOSECONDS.toMillis(TELL_NANOS)
                + " ms what it was doing";
    }

    private void stop(Cancel how, int flags) {
        synchronized (this) {
            if (over) {
                return;
            }
            if (how.mayKill()) {
                cancel(grace);
                grace = Timers.after(Durations.nanos("grace", how.grace()), () -> graceOver(how.grace()));
            }
        }
        Log.engine().debug("task {} of {} is stopped: {}", task.ticket(), peer.name(), how);
        int all = flags | (how.mayKill() ? Frames.TELL : 0) | (how.mayInterrupt() ? Frames.MAY_INTERRUPT : 0);
        peer.sendAbout(task, Frames.CANCEL, all);
    }

    /** On the timer's thread, which must not wait. */
    private void graceOver(Duration given) {
        synchronized (this) {
            if (over || killing) {
                return;
            }
            if (doing == null && !silent) { // it may wait in the queue, and its process be slow to take it out
                silent = true;
                graceOver = given;
                grace = Timers.after(SILENCE_NANOS, () -> graceOver(given));
                return;
            }
            killing = true;
        }
        kill(given);
    }

    /** What the user calls the task; null for nothing. */
    @Nullable
    String name() {
        return terms == null ? null : terms.name();
    }

    private void kill(Duration given) {
        Killer killer = peer.killer();
        String what = task.describe(name());
        String why;
        synchronized (this) {
            why = (late ? "did not end within its limit" : "was cancelled") + ", and still ran after the grace of "
                    + given + "; " + (doing == null ? "its process did not say what it was doing" : doing);
        }
        Completions.run(() -> {
            if (killer != null && !task.isAnswered()) {
                killer.kill(what, why);
            }
        });
    }

    private static void cancel(@Nullable Future<?> future) {
        if (future != null) {
            future.cancel(false);
        }
    }

    // ---- the end

    /** It runs: what it was doing when it was to be stopped. */
    void tells(StandInException shown) {
        String text = String.valueOf(shown.getMessage());
        boolean wasLate;
        Duration kill = null;
        synchronized (this) {
            doing = text;
            wasLate = late;
            if (silent && !killing && !over) {
                killing = true;
                kill = graceOver;
            }
        }
        if (wasLate) {
            endLate(new Doing(text, List.of(shown.getStackTrace())));
        }
        if (kill != null) {
            kill(kill);
        }
    }

    /**
     * The answer has come.
     *
     * @param flags those that say how it was stopped
     * @return whether it came too late, and the task has ended by that
     */
    boolean answered(int flags) {
        boolean begun = (flags & Frames.WAS_CANCELLED) == 0;
        boolean wasLate;
        synchronized (this) {
            close();
            if (!begun) {
                endedBy = Cancel.Rung.DEQUEUE;
            } else if ((flags & (Frames.WAS_ASKED | Frames.WAS_INTERRUPTED)) != 0) {
                endedBy = Cancel.Rung.INTERRUPT;
            }
            wasLate = late;
        }
        Log.engine().debug("task {} of {} has ended after it was stopped", task.ticket(), peer.name());
        if (wasLate) {
            endLate(begun ? Doing.unknown("it ended a moment later") : Doing.nothing());
        }
        return wasLate;
    }

    /** There will be no answer. */
    void lost() {
        boolean wasLate;
        synchronized (this) {
            close();
            if (killing) {
                endedBy = Cancel.Rung.KILL;
            }
            wasLate = late;
        }
        if (wasLate) {
            endLate(Doing.unknown("its process did not say what it was doing, and is gone"));
        }
    }

    private void close() { // guarded by this
        over = true;
        cancel(telling);
        cancel(grace);
        late |= terms != null && terms.end() && !task.isDone();
    }

    private void endLate(Doing doing) {
        TaskTerms given = terms;
        if (given != null && !task.isDone()) {
            task.endLate(given.late(doing));
        }
    }
}
