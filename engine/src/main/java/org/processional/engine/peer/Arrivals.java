// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.processional.ConnectionException;
import org.processional.engine.Log;
import org.processional.engine.task.Completions;
import org.processional.engine.thread.TaskTerms;
import org.processional.spi.FrameHandler;

/**
 * The frames of a connection as they come: answers end the tasks of this end, requests go where they belong.
 *
 * <p><b>Threads:</b> by who reads: nothing here waits, or runs code of users.
 */
final class Arrivals implements FrameHandler {
    private final Peer peer;
    private final Requests requests;
    private final PendingTable<RemoteTask<?>> pending;
    private final FrameCounter counter = new FrameCounter();
    private int heard; // read by the watch as well, to which an old value does no harm

    Arrivals(Peer peer, Requests requests, PendingTable<RemoteTask<?>> pending) {
        this.peer = peer;
        this.requests = requests;
        this.pending = pending;
    }

    /** Number of frames that came. */
    int heard() {
        return heard;
    }

    @Override
    public void frame(ByteBuffer frame, boolean owned) {
        if (frame.remaining() < Frames.HEADER_BYTES || Frames.version(frame) != Frames.VERSION) {
            throw new ConnectionException("damaged frame of " + frame.remaining() + " bytes from " + peer.name());
        }
        counter.check(frame, peer.name());
        heard++;
        int kind = Frames.kind(frame);
        if (Frames.generation(frame) != peer.generation()) {
            stray(kind, Frames.generation(frame));
            return;
        }
        try {
            take(kind, frame, owned);
        } catch (BufferUnderflowException e) {
            throw new ConnectionException(
                    "damaged frame of kind " + kind + " from " + peer.name() + ": it is too short", e);
        }
    }

    private void take(int kind, ByteBuffer frame, boolean owned) {
        int flags = Frames.flags(frame);
        long ticket = Frames.ticket(frame);
        long chain = Frames.chain(frame);
        switch (kind) {
            case Frames.RESULT -> {
                Delivery delivery = new Delivery(peer, ticket, flags, Frames.body(frame, owned));
                RemoteTask<?> task = pending.take(ticket); // last: damaged answers end it with what else is pending
                boolean wanted = task != null && ended(task, delivery, flags);
                if (!wanted && (flags & Frames.KEEP) != 0) {
                    peer.release(delivery.body().duplicate().getLong());
                } else if (!wanted) {
                    delivery.discard();
                }
            }
            case Frames.FAILURE -> {
                Delivery delivery = new Delivery(peer, ticket, flags, Frames.body(frame, owned));
                RemoteTask<?> task = pending.take(ticket); // last, as above
                if (task == null) {
                    delivery.discard();
                } else {
                    failed(task, delivery, flags);
                }
            }
            case Frames.DEFINE -> peer.codec().define(frame.position(frame.position() + Frames.HEADER_BYTES));
            case Frames.CANCEL, Frames.INTERRUPT, Frames.AWAITS -> requests.about(peer, ticket, kind, flags);
            case Frames.SEES, Frames.RETAIN, Frames.MANIFEST, Frames.CONTENT ->
                EngineAnswers.give(peer, requests.offer(), kind, ticket, Frames.body(frame, owned));
            case Frames.STATUS -> StatusAnswers.give(peer, requests.load(), ticket);
            case Frames.RECEIVED -> peer.wasRead(ticket);
            case Frames.READ -> Completions.run(peer.unread()::readAll);
            case Frames.PING -> pong();
            case Frames.PONG -> {} // that it came is all
            case Frames.LISTENS -> requests.listens(peer);
            case Frames.RECORD -> requests.logged(peer, task(ticket), Frames.body(frame, owned));
            case Frames.FAREWELL -> peer.farewell(Farewell.read(Frames.body(frame, owned)));
            case Frames.DOING -> {
                RemoteTask<?> task = pending.find(ticket);
                if (task != null) {
                    task.tells(Frames.body(frame, owned));
                }
            }
            default -> {
                long micros = Frames.deadline(frame);
                TaskTerms terms = micros == 0 ? null : TaskTerms.arrived(micros);
                arrived(new Request(peer, requests, kind, flags, ticket, chain, Frames.body(frame, owned), terms));
            }
        }
    }

    /** Ends a task with a result; whether anybody wants that. The task is in no table any more: nobody else would end it. */
    private static boolean ended(RemoteTask<?> task, Delivery result, int flags) {
        try {
            return task.answerResult(result, flags);
        } catch (RuntimeException | Error e) { // no memory for what came
            task.lost(e);
            throw e;
        }
    }

    /** Ends a task with a failure, likewise. */
    private static void failed(RemoteTask<?> task, Delivery failure, int flags) {
        try {
            task.answerFailure(failure, flags);
        } catch (RuntimeException | Error e) { // as above
            task.lost(e);
            throw e;
        }
    }

    /** What a task of this end is called in a log; null for no task. */
    private @Nullable String task(long ticket) {
        if (ticket == 0) {
            return null;
        }
        RemoteTask<?> task = pending.find(ticket);
        String name = task == null ? null : task.name();
        return name == null ? Long.toString(pending.number(ticket)) : name;
    }

    /** Not to one who takes nothing: what it is sent is sign enough, and what waits for it must not grow. */
    private void pong() {
        if (peer.hasRoom()) {
            peer.sendControl(Frames.PONG, 0, 0, null);
        }
    }

    /** A frame of another connection: its answers are not taken for those of this one. */
    private void stray(int kind, int of) {
        String what = "frame of kind " + kind + " and generation " + of + " from " + peer.name()
                + " on a connection of generation " + peer.generation();
        if (!Frames.isAnswer(kind)) {
            throw new ConnectionException(what);
        }
        Log.engine().warn("{}; it is left out", what);
    }

    /** A nested call is for the thread that works in its chain; all else goes where it belongs. */
    private void arrived(Request request) {
        Chains.Member member = request.isNested() ? Chains.member(peer.key(request.chain())) : null;
        if (member != null) {
            requests.beside(request);
            if (member.offer(request)) {
                return;
            }
        }
        request.goHome();
        if (request.isNested()) { // somebody may have begun to wait meanwhile, too early to find it at home
            Chains.Member late = Chains.member(peer.key(request.chain()));
            if (late != null) {
                late.offer(request);
            }
        }
    }
}
