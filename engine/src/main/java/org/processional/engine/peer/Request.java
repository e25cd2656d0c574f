// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;
import org.processional.engine.task.Failure;
import org.processional.engine.thread.LocalTask;
import org.processional.spi.Definition;
import org.processional.spi.FrameOutput;

/**
 * A request of the other end: runs once, and is answered exactly once, when it has ended.
 *
 * <p><b>Threads:</b> made by the thread that reads, run by the main thread or by one of its own. One that is cancelled
 * before it begins is answered by the thread that reads.
 */
final class Request extends LocalTask<@Nullable Object> {
    private final Peer peer;
    private final Requests owner;
    private final int kind;
    private final long ticket;
    private final long chain;

    Request(Peer peer, Requests owner, int kind, int flags, long ticket, long chain, ByteBuffer body) {
        super(new RequestBody(peer, owner, kind, flags, chain == 0 ? ticket : chain, body));
        this.peer = peer;
        this.owner = owner;
        this.kind = kind;
        this.ticket = ticket;
        this.chain = chain == 0 ? ticket : chain;
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

    /** Answers that this process takes nothing more, unless the request has begun. */
    void refuse(Throwable why) {
        abort(Failure.thrown(why));
    }

    @Override
    protected void ended(@Nullable Object result, @Nullable Failure failure) {
        owner.ended(this);
        if (failure != null) {
            failure.see(); // the other end is told; it is theirs to report
        }
        if (kind == Frames.RELEASE) {
            return;
        }
        try {
            tell(result, failure);
            if (kind == Frames.THREAD) {
                peer.waitForRoom(); // the main thread sets requests aside instead
            }
        } catch (RuntimeException | Error e) { // no memory for an answer, say: nobody may wait for it for ever
            peer.lost(e);
            throw e;
        }
    }

    private void tell(@Nullable Object result, @Nullable Failure failure) {
        if (failure == null) {
            answer(result);
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
        int flags = result instanceof Exports.Entry ? Frames.KEEP : 0;
        Frames.begin(out, Frames.RESULT, flags, 0, ticket, chain);
        List<Definition> definitions = List.of();
        try {
            if (result instanceof Exports.Entry entry) {
                out.putLong(owner.exports().sent(peer.held(), entry));
            } else if (kind == Frames.INVOKE || kind == Frames.THREAD) {
                definitions = peer.codec().encode(result, out);
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
        peer.answer(out, definitions);
    }

    private void answerFailure(Throwable error) {
        FrameOutput out = peer.output();
        Frames.begin(out, Frames.FAILURE, 0, 0, ticket, chain);
        peer.answer(out, Failures.write(error, peer.codec(), out));
    }

    private void answerStopped(int flag) {
        peer.sendControl(Frames.FAILURE, flag, ticket, null);
    }
}
