// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.task;

import java.util.concurrent.CancellationException;
import org.processional.ProcessionalException;

/**
 * How a task failed, and whether anybody has seen it.
 *
 * <p>Where the function ran elsewhere, the failure adds the frames of who asked for it to those of its error. It does so
 * when it is first asked, and once, however many ask: to be told of is a property of the failure, not of the error, which
 * gets a part of its trace from each failure that it goes through.
 *
 * <p><b>Threads:</b> from any thread.
 */
public class Failure {
    /** The ways to fail. */
    public enum Kind {
        /** The function threw, or it could not be run or answered. */
        THROWN,
        /** The task was cancelled; nobody need see it. */
        CANCELLED,
        /** The task was interrupted on request; nobody need see it. */
        INTERRUPTED
    }

    private static final Failure CANCELLED =
            new Failure(Kind.CANCELLED, new CancellationException("the task was cancelled"));

    /** For the end of a task when there is no memory to describe it; made beforehand. */
    private static final Failure INDESCRIBABLE =
            thrown(new ProcessionalException("the task failed, and there was no memory to tell how"));

    static {
        INDESCRIBABLE.see(); // to watch it would need memory as well
    }

    private final Kind kind;
    private final Throwable error;
    private volatile boolean seen; // written by who asks for the outcome, read by the one who reports

    /** For a failure whose error is made when it is asked for, the given one is what the log shows until then. */
    protected Failure(Kind kind, Throwable error) {
        this.kind = kind;
        this.error = error;
    }

    /** The function threw this. */
    public static Failure thrown(Throwable error) {
        return new Failure(Kind.THROWN, error);
    }

    /** The task was cancelled; always the same failure, since nobody looks at its error. */
    public static Failure cancelled() {
        return CANCELLED;
    }

    /** The task failed, and describing that failed as well. */
    public static Failure indescribable() {
        return INDESCRIBABLE;
    }

    /** The task was interrupted on request, and ended by that. */
    public static Failure interrupted(Throwable error) {
        return new Failure(Kind.INTERRUPTED, error);
    }

    /** The way it failed. */
    public Kind kind() {
        return kind;
    }

    /** Somebody is told of it by other means: it will not be reported as unseen. */
    public final void markSeen() {
        seen = true;
    }

    /** The error, for somebody who is told of it: it will not be reported as unseen. */
    public final Throwable see() {
        seen = true;
        return whole(false);
    }

    /** As {@link #see()}, for a thread that asked for the outcome: its frames are of use to the user. */
    public final Throwable seeAsWaiter() {
        seen = true;
        return whole(true);
    }

    /**
     * The error as the user gets it.
     *
     * @param byWaiter whether the calling thread asked for the outcome
     */
    protected Throwable whole(boolean byWaiter) {
        return error;
    }

    /** The error, for the log only. */
    public Throwable error() {
        return error;
    }

    /** Whether somebody was told of the error. */
    public boolean isSeen() {
        return seen;
    }
}
