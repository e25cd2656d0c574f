// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.task;

import org.jspecify.annotations.Nullable;

/**
 * The failure of a function that ran in another thread of this JVM: its error gets the name of the thread, and the frames
 * of who asked for the function, or else of the first who asks how it ended.
 *
 * <p><b>Threads:</b> from any thread; of those who ask at the same time, one appends.
 */
public final class ThreadFailure extends Failure {
    private static final StackTraceElement[] NOBODY = {};

    private final String where;
    private final String how;
    private final @Nullable Throwable site;
    private boolean told; // guarded by this

    private ThreadFailure(Throwable error, String thread, String how, @Nullable Throwable site) {
        super(Kind.THROWN, error);
        this.where = "thread " + thread;
        this.how = how;
        this.site = site;
    }

    /**
     * It is known who asked for the function.
     *
     * @param site made where the function was asked for
     */
    public static Failure asked(Throwable error, String thread, Throwable site) {
        return new ThreadFailure(error, thread, StackTraces.ASKED_FOR_BY, site);
    }

    /** Who asked for the function waits for it, and nobody else can. */
    public static Failure invoked(Throwable error, String thread) {
        return new ThreadFailure(error, thread, StackTraces.ASKED_FOR_BY, null);
    }

    /** Nobody knows who asked for the function. */
    public static Failure awaited(Throwable error, String thread) {
        return new ThreadFailure(error, thread, StackTraces.AWAITED_BY, null);
    }

    @Override
    protected synchronized Throwable whole(boolean byWaiter) {
        if (!told) {
            told = true;
            Throwable from = site == null && byWaiter ? new Throwable() : site;
            StackTraces.append(super.error(), where, how, from == null ? NOBODY : StackTraces.submitSite(from));
        }
        return super.error();
    }

    @Override
    public Throwable error() {
        return whole(false);
    }
}
