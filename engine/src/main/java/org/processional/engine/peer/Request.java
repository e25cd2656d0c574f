// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;
import org.processional.StandInException;
import org.processional.TaskTimeoutException;
import org.processional.engine.task.Doing;
import org.processional.engine.task.Failure;
import org.processional.engine.thread.LocalTask;
import org.processional.engine.thread.TaskTerms;
import org.processional.spi.Definition;
import org.processional.spi.FrameOutput;

/**
 * A request of the other end: runs once, and is answered exactly once, when it has ended.
 *
 * <p><b>Threads:</b> made by the thread that reads; run by the main thread, by one of its own, in the lane of its object, or
 * by the thread that waits in its chain. One that is cancelled before it begins is answered by the thread that reads.
 */
final class Request extends LocalTask<@Nullable Object> {
    private final Peer peer;
    private final Requests owner;
    private final int kind;
    private final long ticket;
    private final long chain; // 0 for none
    private final boolean awaitedAtOnce; // somebody waits for it since it was sent,
    private volatile boolean awaitedLater; // or began to since then; written by the thread that reads
    private boolean home; // written once, by who takes it there; mostly it goes from one to the next by a queue
    private boolean counted; // the same, by who counts it
    private volatile @Nullable Throwable stopped; // why, by who ends the service
    private final RequestBody body;

    /**
     * A request that has come.
     *
     * @param terms its time limit, over which the other end watches; null for none
     */
    Request(
            Peer peer,
            Requests owner,
            int kind,
            int flags,
            long ticket,
            long chain,
            ByteBuffer from,
            @Nullable TaskTerms terms) {
        this(new RequestBody(peer, owner, kind, flags, ticket, chain, from), peer, owner, kind, flags, ticket, chain);
        terms(terms);
    }

    private Request(RequestBody body, Peer peer, Requests owner, int kind, int flags, long ticket, long chain) {
        super(body);
        this.body = body;
        this.peer = peer;
        this.owner = owner;
        this.kind = kind;
        this.awaitedAtOnce = (flags & Frames.AWAITED) != 0;
        this.ticket = ticket;
        this.chain = chain;
    }

    /** For sets of requests: the JVM takes long to think of a number. */
    @Override
    public int hashCode() {
        return Long.hashCode(ticket * 0x9E3779B97F4A7C15L);
    }

    Peer peer() {
        return peer;
    }

    long ticket() {
        return ticket;
    }

    int kind() {
        return kind;
    }

    long chain() {
        return chain;
    }

    /** Whether it decides how long this process lives: it does not wait for what is queued. */
    boolean isOfLife() {
        return kind == Frames.DETACH || kind == Frames.PERSIST || kind == Frames.STOP;
    }

    /** Number of the object of this process that it is about; 0 for none. */
    long object() {
        return body.object();
    }

    /** Where it runs if it is about an object that is here; null if it is not. */
    @Nullable
    Home home() {
        return kind == Frames.RELEASE ? Exports.HERE.home(peer.held(), object()) : body.home();
    }

    /** Whether it is a call that somebody in its chain waits for, and that needs no thread of its own. */
    boolean isNested() {
        boolean served = object() != 0 || owner.home() != null;
        return served && isAwaited() && kind != Frames.THREAD;
    }

    private boolean isAwaited() {
        return awaitedAtOnce || awaitedLater;
    }

    /** Gives it to the thread of its chain as well, if that waits for it and it has not begun. */
    void offerTo(Chains.Member member) {
        if (isNested() && member.isOf(peer.key(chain))) {
            member.offer(this); // it stays where it is: who is first runs it
        }
    }

    /** Whether it is counted now among what runs beside: once, since by the second time it may have ended. */
    boolean countsNow() {
        boolean first = !counted;
        counted = true;
        return first;
    }

    /** It is taken to where it belongs, unless it is there: nobody in its chain ran it yet. */
    void goHome() {
        if (!home) {
            home = true;
            owner.add(this);
        }
    }

    /** The other end cancels, interrupts or awaits it, if it is the one that is meant. */
    void about(Peer of, long number, int what, int how) {
        if (number != ticket || of != peer) {
            return;
        }
        switch (what) {
            case Frames.INTERRUPT -> interrupt();
            case Frames.CANCEL -> {
                Thread by = (how & Frames.TELL) == 0 ? null : runner();
                if (by != null) {
                    tellDoing(by);
                }
                cancel((how & Frames.MAY_INTERRUPT) != 0);
            }
            default -> {
                awaitedLater = true;
                Chains.Member member = Chains.member(peer.key(chain));
                if (member != null) {
                    offerTo(member);
                }
            }
        }
    }

    /** Answers that it will not run, unless it has begun. A proxy is given back in any case. */
    void refuse(Throwable why) {
        if (kind == Frames.RELEASE) {
            run();
        } else {
            abort(Failure.thrown(why));
        }
    }

    /** The same; one that runs is interrupted, and tells why if it heeds that. */
    void stop(Throwable why) {
        stopped = why;
        refuse(why);
    }

    @Override
    protected void ended(@Nullable Object result, @Nullable Failure failure) {
        owner.ended(this);
        try {
            if (failure != null) {
                failure.see(); // the other end is told; it is theirs to report
                body.discard();
            }
            if (kind != Frames.RELEASE) {
                tell(result, failure);
            }
        } catch (RuntimeException | Error e) { // no memory for an answer, say: nobody may wait for it for ever
            peer.lost(e);
            throw e;
        } finally {
            owner.answered(this);
        }
        if (kind == Frames.THREAD) {
            peer.waits().forRoom(); // the main thread sets requests aside instead
        }
    }

    private void tell(@Nullable Object result, @Nullable Failure failure) {
        Throwable why = stopped;
        if (failure == null) {
            answer(result);
        } else if (failure.kind() == Failure.Kind.INTERRUPTED && why != null) {
            answerFailure(why);
        } else if (failure.kind() == Failure.Kind.CANCELLED) {
            answerStopped(Frames.WAS_CANCELLED);
        } else if (failure.kind() == Failure.Kind.INTERRUPTED) {
            answerStopped(Frames.WAS_INTERRUPTED);
        } else {
            answerFailure(failure.error());
        }
    }

    private void answer(@Nullable Object result) {
        FrameOutput out = peer.output();
        int flags = (result instanceof Exports.Entry ? Frames.KEEP : 0) | asked();
        Frames.begin(out, Frames.RESULT, flags, peer.generation(), ticket, chain);
        List<Definition> definitions = List.of();
        try {
            if (result instanceof Exports.Entry entry) {
                out.putLong(Exports.HERE.sent(peer.held(), entry));
            } else if (kind == Frames.INVOKE || kind == Frames.THREAD) {
                definitions = peer.encode(result, out);
                if (result != null && Frames.carries(out)) {
                    peer.keepUntilRead(ticket, result);
                }
            } else {
                out.putString((String) Objects.requireNonNull(result));
            }
        } catch (RuntimeException | Error e) {
            answerFailure(
                    e instanceof CodecException
                            ? new CodecException("the result of the task cannot travel: " + e.getMessage(), e)
                            : e);
            return;
        }
        peer.answer(out, definitions, !isAwaited() && owner.isBusyAfter(this));
    }

    private void answerFailure(Throwable error) {
        FrameOutput out = peer.output();
        Frames.begin(out, Frames.FAILURE, asked(), peer.generation(), ticket, chain);
        List<Definition> definitions = Failures.write(error, peer::encode, out);
        if (Frames.carries(out)) {
            peer.keepUntilRead(ticket, error);
        }
        peer.answer(out, definitions, false);
    }

    /** Tells what it does while it runs; one that has not begun is answered at once. */
    private void tellDoing(Thread by) {
        Doing doing = Doing.in(by, " of process " + Identity.PID);
        Throwable shown = new StandInException(TaskTimeoutException.class.getName(), doing.text());
        shown.setStackTrace(doing.frames().toArray(new StackTraceElement[0]));
        FrameOutput out = peer.output();
        Frames.begin(out, Frames.DOING, 0, peer.generation(), ticket, chain);
        Failures.describe(shown, out);
        peer.answer(out, List.of(), false);
    }

    private int asked() {
        return wasInterrupted() ? Frames.WAS_ASKED : 0;
    }

    private void answerStopped(int flag) {
        peer.sendControl(Frames.FAILURE, flag | asked(), ticket, null);
    }
}
