// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.processional.ProcessionalException;
import org.processional.SlaveClosedException;
import org.processional.SlaveFullException;
import org.processional.engine.EngineTime;
import org.processional.engine.task.Doing;
import org.processional.engine.thread.TaskTerms;
import org.processional.spi.Definition;
import org.processional.spi.FrameOutput;

/**
 * How one end of a connection asks the other: a request takes a credit, is encoded, waits in the table for its answer, and
 * is sent. What cannot be encoded gives its credit back, and what cannot be sent ends the connection, once what has come is
 * read, and its task with it.
 *
 * <p><b>Threads:</b> from any thread.
 */
final class Asking {
    private final Peer peer;
    private final Requests requests;
    private final PendingTable<RemoteTask<?>> pending;
    private final FrameSender sender;
    private final Burst burst = new Burst();

    Asking(Peer peer, Requests requests, PendingTable<RemoteTask<?>> pending, FrameSender sender) {
        this.peer = peer;
        this.requests = requests;
        this.pending = pending;
        this.sender = sender;
    }

    /**
     * Sends a request.
     *
     * @param question what is asked
     * @param chain the chain it belongs to; 0 for none
     * @param how further properties
     */
    <T extends @Nullable Object> @Nullable RemoteTask<T> request(Question question, long chain, RequestOptions how) {
        TaskTerms terms = how.never() ? null : TaskTerms.of(how.task());
        if (terms != null) {
            Ladder.requireKillable(peer, terms.atLimit());
        }
        if (!takeCredit(how, terms)) {
            return null;
        }
        RemoteTask<T> task;
        FrameOutput out;
        List<Definition> definitions;
        try {
            task = task(question, chain, how, terms);
            out = sender.output();
            definitions = encode(question, chain, how, out);
        } catch (Throwable e) {
            pending.returnCredit();
            throw e;
        }
        pending.add(task);
        Frames.ticket(out, task.ticket());
        if (terms != null && terms.hasLimit()) {
            Frames.deadline(out, Math.max(1, terms.nanosLeft(EngineTime.nanos()) / 1000));
        }
        boolean hold = !how.awaited() && question.isQueued() && burst.goesOn();
        if (how.limitNanos() == 0) { // who does not wait for room waits for no other end either
            sender.leave(definitions, out, hold);
        } else {
            sender.send(definitions, out, hold);
        }
        peer.watch(); // while the other end works
        Throwable gone = peer.reason();
        if (gone != null && pending.take(task.ticket()) != null) { // lost before the task was in the table
            task.lost(requests.explain(peer, gone));
        }
        if (terms != null) {
            task.watch();
        }
        return task;
    }

    private <T extends @Nullable Object> RemoteTask<T> task(
            Question question, long chain, RequestOptions how, @Nullable TaskTerms terms) {
        Throwable site = how.awaited() && terms == null ? null : new Throwable();
        return new RemoteTask<>(peer, loaderOf(question.origin()), chain, how, question, site, terms);
    }

    private List<Definition> encode(Question question, long chain, RequestOptions how, FrameOutput out) {
        Class<?> origin = question.origin();
        int flags = question.flags(how) | (origin == null ? 0 : requests.offer().flags(origin));
        Frames.begin(out, question.kind(), flags, peer.generation(), 0, chain);
        question.writeHead(out);
        Object function = question.function();
        return function == null ? List.of() : peer.encode(function, out);
    }

    private static ClassLoader loaderOf(@Nullable Class<?> origin) {
        ClassLoader loader = origin == null ? null : origin.getClassLoader();
        return loader == null ? ClassLoader.getSystemClassLoader() : loader;
    }

    /** Takes a credit when there is room on the way; the calls that a nested one is within hold credits for it. */
    private boolean takeCredit(RequestOptions how, @Nullable TaskTerms terms) {
        refuseIfEnded();
        boolean forced = how.never() || how.awaited() && RequestBody.isRunning();
        if ((how.never() || peer.hasRoom()) && takeCreditNow(forced)) {
            return true;
        }
        if (how.limitNanos() == 0) {
            return false;
        }
        long now = EngineTime.nanos();
        long deadline = now + (terms == null ? how.limitNanos() : Math.min(how.limitNanos(), terms.nanosLeft(now)));
        Awaited hope = () -> !peer.isOpen() || peer.hasMuchRoom() && (forced || pending.hasCredit());
        while (true) {
            boolean inTime = peer.waits().forChance(hope, deadline);
            refuseIfEnded();
            if (peer.hasRoom() && takeCreditNow(forced)) { // a little room is enough in the end
                return true;
            }
            if (!inTime) { // else somebody was quicker
                throw full(how, terms);
            }
        }
    }

    private boolean takeCreditNow(boolean forced) {
        if (forced) {
            pending.forceCredit();
        }
        return forced || pending.tryCredit();
    }

    private ProcessionalException full(RequestOptions how, @Nullable TaskTerms terms) {
        if (terms != null && terms.nanosLeft(EngineTime.nanos()) <= 0) {
            return terms.late(Doing.unknown("there was no room for it"));
        }
        String why = peer.hasRoom()
                ? pending.size() + " are pending; await some, or raise the option credits"
                : "it does not take what was sent before; it may be stopped, or its host gone";
        return new SlaveFullException(peer.remoteName() + " had no room for another task within "
                + Duration.ofNanos(how.limitNanos()) + ": " + why);
    }

    private void refuseIfEnded() {
        Throwable gone = peer.reason();
        if (gone != null) {
            Throwable explained = requests.explain(peer, gone);
            if (explained instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw new SlaveClosedException("the connection to " + peer.remoteName() + " has ended", explained);
        }
    }
}
