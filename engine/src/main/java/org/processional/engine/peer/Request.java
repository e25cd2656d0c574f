// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.processional.Action;
import org.processional.Call;
import org.processional.CodecException;
import org.processional.WaitInterruptedException;
import org.processional.engine.task.Run;
import org.processional.spi.Definition;
import org.processional.spi.FrameOutput;

/**
 * A request of the other end: runs once, and is answered exactly once.
 *
 * <p><b>Threads:</b> made by the thread that reads, run by the main thread or by one of its own.
 */
final class Request extends Run {
    /** The chain of the request that a thread runs. Not inherited: a thread that a task starts begins a chain. */
    private static final ThreadLocal<@Nullable Request> CURRENT = new ThreadLocal<>();

    private final Peer peer;
    private final Requests owner;
    private final int kind;
    private final int flags;
    private final long ticket;
    private final long chain;
    private @Nullable ByteBuffer body; // dropped by the runner
    private volatile boolean byInterrupt; // written before it is taken out of the queue

    Request(Peer peer, Requests owner, int kind, int flags, long ticket, long chain, ByteBuffer body) {
        this.peer = peer;
        this.owner = owner;
        this.kind = kind;
        this.flags = flags;
        this.ticket = ticket;
        this.chain = chain == 0 ? ticket : chain;
        this.body = body;
    }

    /** The chain in which the calling thread works; 0 if it runs no request. */
    static long currentChain() {
        Request current = CURRENT.get();
        return current == null ? 0 : current.chain;
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

    /**
     * Takes the request out of the queue; it is answered when its turn comes.
     *
     * @param interrupt whether that is an interrupt, and not a cancel
     * @return false if it has begun
     */
    boolean takeOut(boolean interrupt) {
        byInterrupt = interrupt;
        return dequeue();
    }

    /** Runs the request on the calling thread and answers it. */
    void run() {
        ByteBuffer from = body;
        body = null;
        if (from == null || !begin()) {
            owner.ended(this);
            answerCancelled(byInterrupt ? Frames.WAS_INTERRUPTED : Frames.WAS_CANCELLED);
            return;
        }
        CURRENT.set(this);
        Object result = null;
        Throwable failure = null;
        try {
            result = perform(from);
        } catch (Throwable e) { // whatever a function throws is its answer
            failure = e;
        }
        CURRENT.remove();
        owner.ended(this);
        boolean interrupted = finish();
        if (kind == Frames.RELEASE) {
            return;
        }
        if (failure == null) {
            answer(result);
        } else if (interrupted && isInterrupt(failure)) {
            answerCancelled(Frames.WAS_INTERRUPTED);
        } else {
            answerFailure(failure);
        }
    }

    private static boolean isInterrupt(Throwable failure) {
        return failure instanceof InterruptedException
                || failure instanceof WaitInterruptedException
                || failure instanceof java.nio.channels.ClosedByInterruptException;
    }

    private @Nullable Object perform(ByteBuffer from) throws Exception {
        switch (kind) {
            case Frames.INVOKE:
            case Frames.THREAD:
                return invoke(from);
            case Frames.RELEASE:
                owner.exports().release(peer.held(), from.getLong(), from.getInt());
                return null;
            case Frames.NAMED:
                return kept(owner.exports().named(FrameOutput.readString(from)));
            case Frames.NAMES:
                return String.join("\n", owner.exports().names());
            case Frames.REMOVE:
                return owner.exports().remove(FrameOutput.readString(from)) ? "1" : "";
            case Frames.DETACH:
                owner.control().detach();
                return "";
            case Frames.PERSIST:
                owner.control().persist();
                return "";
            case Frames.STOP:
                owner.control().stop();
                return "";
            default:
                throw new CodecException("process " + Identity.PID + " does not know requests of kind " + kind
                        + "; it runs another version of Processional");
        }
    }

    private @Nullable Object invoke(ByteBuffer from) throws Exception {
        String name = (flags & Frames.NAME) == 0 ? null : FrameOutput.readString(from);
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        Object function =
                peer.codec().decode(from, context == null ? ClassLoader.getSystemClassLoader() : context);
        Object result;
        if (function instanceof Call<?, ?> call) {
            result = call.call();
        } else if (function instanceof Action<?> action) {
            action.run();
            result = null;
        } else {
            throw new CodecException("not a function: " + (function == null ? "null" : function.getClass().getName()));
        }
        return (flags & Frames.KEEP) == 0 ? result : kept(owner.exports().keep(name, result));
    }

    private Exports.Entry kept(Exports.Entry entry) {
        return entry;
    }

    private void answer(@Nullable Object result) {
        FrameOutput out = peer.output();
        Frames.begin(out, Frames.RESULT, 0, 0, ticket, chain);
        List<Definition> definitions = List.of();
        try {
            if (result instanceof Exports.Entry entry) {
                out.putLong(owner.exports().sent(peer.held(), entry));
            } else if (kind == Frames.INVOKE || kind == Frames.THREAD) {
                definitions = peer.codec().encode(result, out);
            } else {
                out.putString((String) java.util.Objects.requireNonNull(result));
            }
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            answerFailure(
                    e instanceof CodecException
                            ? new CodecException("the result of the task cannot travel: " + e.getMessage(), e)
                            : e);
            return;
        }
        peer.answer(out, definitions);
    }

    private void answerFailure(Throwable failure) {
        FrameOutput out = peer.output();
        Frames.begin(out, Frames.FAILURE, 0, 0, ticket, chain);
        List<Definition> definitions = Failures.write(failure, peer.codec(), out);
        peer.answer(out, definitions);
    }

    /** Answers that the function did not run, or was ended by an interrupt. */
    void answerCancelled(int flag) {
        if (kind == Frames.RELEASE) {
            return;
        }
        FrameOutput out = peer.output();
        Frames.begin(out, Frames.FAILURE, flag, 0, ticket, chain);
        peer.answer(out, List.of());
    }

    /** Answers that this process takes nothing more. */
    void refuse(Throwable why) {
        body = null;
        if (kind != Frames.RELEASE) {
            answerFailure(why);
        }
    }
}
