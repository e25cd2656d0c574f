// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.processional.Cancel;
import org.processional.CodecException;
import org.processional.ConnectionException;
import org.processional.SharedMemoryException;
import org.processional.TaskTimeoutException;
import org.processional.engine.task.CoreTask;
import org.processional.engine.task.Failure;
import org.processional.engine.task.StackTraces;
import org.processional.engine.task.Undecoded;
import org.processional.engine.thread.TaskTerms;

/**
 * A request to the other end of a connection, and its answer.
 *
 * <p><b>Threads:</b> answered by the thread that reads, everything else from any thread.
 *
 * @param <T> the result
 */
public final class RemoteTask<T extends @Nullable Object> extends CoreTask<T> implements PendingTable.Entry, Awaited {
    private final Peer peer;
    private final ClassLoader loader;
    private final long chain; // 0 for none
    private final @Nullable Throwable site; // where it was scheduled; null for one that is waited for there
    private final boolean raw; // whether the result is the number of an object or other bytes of the engine
    private @Nullable Thread
            caller; // read racily, for descriptions: who waits for it where it was asked for; cleared with the answer

    private volatile @Nullable Runnable onAnswer; // written by who wants to know

    private @Nullable Question question; // with the function and what it captured; read racily, cleared with the answer
    private volatile boolean answered; // set once

    @SuppressWarnings("UnusedVariable") // to be reachable from here is its use
    private @Nullable Object owner; // the handle of the user, until the answer has come

    private boolean unannounced; // scheduled in a chain, and not awaited yet; a second announcement does no harm

    private volatile @Nullable Ladder ladder; // made at once for one with terms, else by who cancels it

    private long ticket; // written by the table, before anybody else sees the task

    RemoteTask(
            Peer peer,
            ClassLoader loader,
            long chain,
            RequestOptions how,
            Question question,
            @Nullable Throwable site,
            @Nullable TaskTerms terms) {
        this.peer = peer;
        this.loader = loader;
        this.chain = chain;
        this.unannounced = chain != 0 && !how.awaited() && RequestBody.isRunning();
        this.raw = how.raw();
        this.owner = how.owner();
        this.question = question;
        this.site = site;
        this.caller = site == null ? Thread.currentThread() : null;
        if (terms != null) {
            this.ladder = new Ladder(this, peer, terms);
        }
    }

    /** What its user calls it; null for nothing. */
    @Nullable
    String name() {
        Ladder made = ladder;
        return made == null ? null : made.name();
    }

    /** From now on, it is stopped when its time is over. */
    void watch() {
        Ladder made = ladder;
        if (made != null) {
            made.watch();
        }
    }

    /** Whether the answer has come, or none will come: the function does not run any more. */
    public boolean isAnswered() {
        return answered;
    }

    /** Runs something short as soon as the answer has come or none will come, here or where it comes; perhaps twice. */
    public void whenAnswered(Runnable then) {
        onAnswer = then;
        if (answered) {
            then.run();
        }
    }

    /** Ends it by what went wrong. */
    boolean end(Failure failure) {
        boolean won = fail(failure);
        if (won) {
            peer.wakeReader();
        }
        return won;
    }

    /** Ends it since its time is over. */
    void endLate(TaskTimeoutException late) {
        Throwable from = site == null ? new Throwable() : site; // there is one, since it has a limit
        StackTraces.append(late, peer.remoteName(), StackTraces.ASKED_FOR_BY, StackTraces.submitSite(from));
        end(Failure.thrown(late));
    }

    /** What it is, for other tasks that suffer from it. */
    String describe(@Nullable String name) {
        Question asked = question;
        String what = asked == null ? "a function" : RunningTasks.function(asked);
        StackTraceElement[] frames = site == null ? new StackTraceElement[0] : StackTraces.submitSite(site);
        String where = frames.length == 0 ? "" : ", scheduled at " + StackTraces.place(frames[0]);
        return name == null ? "a task (" + what + where + ")" : "task \"" + name + "\" (" + what + where + ")";
    }

    @Override
    public long ticket() {
        return ticket;
    }

    @Override
    public void ticket(long given) {
        ticket = given;
    }

    /** The chain that it belongs to; 0 for none. */
    long chain() {
        return chain;
    }

    /** Whether the other end is to be told that somebody waits now: once for a task that is part of a running request. */
    boolean beginsToBeAwaited() {
        boolean begins = unannounced;
        unannounced = false;
        return begins;
    }

    /** What was asked; null once it was answered. */
    @Nullable
    Question question() {
        return question;
    }

    /** The frames of who asked for it, the innermost first; none if it is not known any more. */
    StackTraceElement[] askedForAt() {
        Throwable scheduled = site;
        Thread waiting = caller;
        if (scheduled != null) {
            return StackTraces.submitSite(scheduled);
        }
        return waiting == null ? new StackTraceElement[0] : StackTraces.submitSite(waiting);
    }

    private void letGo() {
        question = null;
        caller = null;
        owner = null;
        answered = true;
        Runnable then = onAnswer;
        if (then != null) {
            then.run();
        }
    }

    /**
     * The answer is a result.
     *
     * @return whether the task ended by it; false if it was cancelled before
     */
    boolean answerResult(Delivery delivery, int flags) {
        letGo();
        Ladder down = ladder;
        if (down != null && down.answered(flags & Frames.WAS_ASKED)) {
            return false;
        }
        return succeed(raw ? delivery.body() : new Result(peer, delivery, flags, loader));
    }

    /** The answer is a failure. */
    void answerFailure(Delivery delivery, int flags) {
        letGo();
        Ladder down = ladder;
        if (down != null && down.answered(flags)) {
            delivery.discard();
        } else if ((flags & Frames.WAS_CANCELLED) != 0) {
            fail(Failure.cancelled());
        } else if ((flags & Frames.WAS_INTERRUPTED) != 0) {
            fail(Failure.interrupted(new InterruptedException("the function was interrupted by request")));
        } else {
            Failure told = failure(delivery);
            if (!fail(told) && told instanceof RemoteFailure unwanted) { // it was cancelled before
                unwanted.discard();
            }
        }
    }

    /** What the other end says of the failure; a task whose answer is damaged must end all the same. */
    private Failure failure(Delivery delivery) {
        try {
            return new RemoteFailure(peer, delivery, loader, site);
        } catch (RuntimeException e) {
            delivery.discard();
            return Failure.thrown(
                    new CodecException("the task failed, and the answer that says why is damaged: " + e, e));
        }
    }

    /** There will be no answer. */
    void lost(Throwable reason) {
        letGo();
        Ladder down = ladder;
        if (down != null) {
            down.lost();
        }
        fail(new LostFailure(peer, reason, site));
        peer.wakeReader();
    }

    @Override
    protected boolean awaitEnd(boolean timed, long deadlineNanos) throws InterruptedException {
        return peer.waits().forAnswer(this, timed, deadlineNanos);
    }

    @Override
    public boolean cancel(Cancel how) {
        require(how);
        return ladder().cancel(how);
    }

    @Override
    protected void require(Cancel how) {
        Ladder.requireKillable(peer, how);
    }

    private synchronized Ladder ladder() {
        Ladder known = ladder;
        if (known == null) {
            known = new Ladder(this, peer, null);
            ladder = known;
        }
        return known;
    }

    @Override
    public Optional<Cancel.Rung> endedBy() {
        Failure failure = failure();
        if (failure != null && failure.kind() == Failure.Kind.INTERRUPTED) {
            return Optional.of(Cancel.Rung.INTERRUPT);
        }
        Ladder down = ladder;
        return down == null ? Optional.empty() : down.endedBy();
    }

    /** Tells what it was doing when its time was over. */
    void tells(ByteBuffer description) {
        Ladder down = ladder;
        if (down != null) {
            down.tells(Failures.standIn(description));
        }
    }

    @Override
    public void interrupt() {
        if (!isDone()) {
            peer.sendAbout(this, Frames.INTERRUPT, 0);
        }
    }

    private static final class Result extends Undecoded {
        private final Peer peer;
        private final Delivery delivery;
        private final boolean shares;
        private final ClassLoader loader;
        private final Cleaner.@Nullable Cleanable unread; // gives back what is in it

        Result(Peer peer, Delivery delivery, int flags, ClassLoader loader) {
            this.peer = peer;
            this.delivery = delivery;
            this.shares = (flags & Frames.SHARES) != 0;
            this.loader = loader;
            this.unread = delivery.watch(this);
            if (shares) {
                peer.unread().add(this);
            }
        }

        @Override
        protected @Nullable Object decode() {
            if (shares) {
                peer.unread().remove(this);
            }
            try {
                return delivery.object(loader);
            } catch (CodecException e) {
                return Failure.thrown(shares && isGone(e) ? lost(e) : e);
            } catch (RuntimeException | Error e) {
                return Failure.thrown(new CodecException("the result cannot be read here: " + e, e));
            } finally {
                if (unread != null) {
                    unread.clean();
                }
            }
        }

        private static boolean isGone(Throwable e) {
            return e instanceof SharedMemoryException || e.getCause() != null && isGone(e.getCause());
        }

        private ConnectionException lost(CodecException e) {
            return new ConnectionException(
                    "the result is lost: it was in shared memory, which has gone with the connection to "
                            + peer.remoteName() + "; await it before its process ends",
                    e);
        }
    }

    /** A failure of the other end: printed by what it says of itself, decoded when somebody asks. */
    private static final class RemoteFailure extends Failure {
        private final Peer peer;
        private final Delivery delivery;
        private final ClassLoader loader;
        private final @Nullable Throwable site;
        private @Nullable Throwable decoded; // guarded by this
        private boolean standInTold; // guarded by this

        RemoteFailure(Peer peer, Delivery delivery, ClassLoader loader, @Nullable Throwable site) {
            super(Kind.THROWN, Failures.standIn(delivery.body()));
            this.peer = peer;
            this.delivery = delivery;
            this.loader = loader;
            this.site = site;
            delivery.watch(this);
        }

        void discard() {
            delivery.discard();
        }

        @Override
        protected synchronized Throwable whole(boolean byWaiter) {
            Throwable known = decoded;
            if (known == null) {
                Throwable standIn = super.error();
                decoded = standIn; // if there is no memory for more now, say: it is read once
                known = delivery.failure(standIn, loader);
                decoded = known;
                if (known == standIn) {
                    tellStandIn();
                } else {
                    tell(known);
                }
            }
            return known;
        }

        /** Not decoded for the log: that runs code of users, and loads classes. */
        @Override
        public synchronized Throwable error() {
            tellStandIn();
            return super.error();
        }

        private void tellStandIn() {
            if (!standInTold) {
                standInTold = true;
                tell(super.error());
            }
        }

        private void tell(Throwable error) {
            Throwable from = site == null ? new Throwable() : site; // without one, the caller waits for the answer
            StackTraces.append(error, peer.remoteName(), StackTraces.ASKED_FOR_BY, StackTraces.submitSite(from));
        }
    }
}
