// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import org.jspecify.annotations.Nullable;
import org.processional.ConnectionException;
import org.processional.SlaveClosedException;
import org.processional.SlaveDiedException;
import org.processional.engine.task.Failure;
import org.processional.engine.task.StackTraces;

/**
 * The failure of a task that gets no answer. Whatever ended its connection ended all the tasks of it, so each makes an
 * exception of its own of the common one, with the frames of who asked for this task.
 *
 * <p><b>Threads:</b> from any thread; the exception is made by the first who asks.
 */
final class LostFailure extends Failure {
    private final Peer peer;
    private final @Nullable Throwable site;
    private @Nullable Throwable own; // guarded by this

    /**
     * For one task.
     *
     * @param reason of all tasks of the connection; is not changed
     * @param site where the task was scheduled; null if somebody waits for it there
     */
    LostFailure(Peer peer, Throwable reason, @Nullable Throwable site) {
        super(Kind.THROWN, reason);
        this.peer = peer;
        this.site = site;
    }

    @Override
    protected synchronized Throwable whole(boolean byWaiter) {
        Throwable known = own;
        if (known == null) {
            known = copy(super.error());
            own = known;
            Throwable from = site == null ? new Throwable() : site;
            if (known != super.error()) {
                StackTraces.append(known, peer.remoteName(), StackTraces.ASKED_FOR_BY, StackTraces.submitSite(from));
            }
        }
        return known;
    }

    @Override
    public Throwable error() {
        return site == null ? super.error() : whole(false);
    }

    /** An exception that says the same; the given one where it is of another kind. */
    private static Throwable copy(Throwable reason) {
        String message = String.valueOf(reason.getMessage());
        Throwable copy;
        if (reason instanceof SlaveDiedException died) {
            copy = new SlaveDiedException(message, died.death(), died.causeTask());
        } else if (reason instanceof SlaveClosedException) {
            copy = new SlaveClosedException(message);
        } else if (reason instanceof ConnectionException) {
            copy = new ConnectionException(message);
        } else {
            return reason;
        }
        if (reason.getCause() != null) {
            copy.initCause(reason.getCause());
        }
        copy.setStackTrace(reason.getStackTrace());
        return copy;
    }
}
