// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
        Object function = question.function();
        Class<?> origin = question.origin();
        Throwable site = how.awaited() && terms == null ? null : new Throwable();
        RemoteTask<T> task = new RemoteTask<>(peer, loaderOf(origin), chain, how, question, site, terms);
        FrameOutput out = sender.output();
        int flags = question.flags(how) | (origin == null ? 0 : requests.offer().flags(origin));
        Frames.begin(out, question.kind(), flags, peer.generation(), 0, chain);
        question.writeHead(out);
        List<Definition> definitions = List.of();
        if (function != null) {
            try {
                definitions = peer.encode(function, out);
            } catch (Throwable e) {
                pending.returnCredit();
                throw e;
            }
        }
        pending.add(task);
        Frames.ticket(out, task.ticket());
        if (terms != null && terms.hasLimit()) {
            Frames.deadline(out, Math.max(1, terms.nanosLeft(EngineTime.nanos()) / 1000));
        }
        try {
            if (how.never()) {
                sender.leave(
                        definitions, out, false); // its limit is for the answer, and holds for the way there as well
            } else {
                sender.send(definitions, out, !how.awaited() && question.isQueued() && burst.goesOn());
            }
        } catch (RuntimeException | Error e) { // a frame may be half written, and the task must end
            peer.lost(e);
        }
        peer.watch(); // while the other end works
        Throwable gone = peer.reason();
        if (gone != null && pending.take(task.ticket()) != null) { // lost before the task was in the table
            task.lost(requests.explain(peer, gone));
        }
        if (terms != null) {
            task.watch();
        }
        if (!how.never()) {
            peer.waits().forRoom();
        }
        return task;
    }

    private static ClassLoader loaderOf(@Nullable Class<?> origin) {
        ClassLoader loader = origin == null ? null : origin.getClassLoader();
        return loader == null ? ClassLoader.getSystemClassLoader() : loader;
    }

    private boolean takeCredit(RequestOptions how, @Nullable TaskTerms terms) {
        refuseIfEnded();
        if (how.never() || how.awaited() && RequestBody.isRunning()) { // a nested call: those outside hold credits
            pending.forceCredit();
            return true;
        }
        if (pending.tryCredit()) {
            return true;
        }
        if (how.limitNanos() == 0) {
            return false;
        }
        long now = EngineTime.nanos();
        long deadline = now + (terms == null ? how.limitNanos() : Math.min(how.limitNanos(), terms.nanosLeft(now)));
        Awaited hope = () -> !peer.isOpen() || pending.hasCredit();
        while (!pending.tryCredit()) {
            boolean inTime = peer.waits().forChance(hope, deadline);
            refuseIfEnded();
            if (inTime) {
                continue; // though somebody else may have been quicker
            }
            if (terms != null && terms.nanosLeft(EngineTime.nanos()) <= 0) {
                throw terms.late(Doing.unknown("there was no room for it"));
            }
            throw new SlaveFullException(peer.remoteName() + " had no room for another task within "
                    + Duration.ofNanos(how.limitNanos()) + ": " + pending.size()
                    + " are pending; await some, or raise the option credits");
        }
        return true;
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
