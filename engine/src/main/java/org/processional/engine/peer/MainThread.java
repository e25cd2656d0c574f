// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.processional.engine.task.Spin;
import org.processional.engine.task.SpinBudget;
import org.processional.engine.thread.Interrupts;
import org.processional.engine.thread.Running;

/**
 * The queue of what the clients of a service asked for, and the main thread that runs it. Where a client takes no answers,
 * its requests wait aside, in their order, and nobody else does.
 *
 * <p>The main thread, while idle, holds the reading role: it reads requests itself and runs them, so that a request
 * costs one wake-up. It frees the role before it runs anything.
 *
 * <p><b>Threads:</b> {@link #run()} is the main thread; everything else from any thread.
 */
final class MainThread implements Home {
    private final Service service;
    private final @Nullable Reading reading; // null: each connection has a reader thread
    private final SpinBudget budget;
    private final Set<Peer> peers; // of the service, which changes it
    private final ConcurrentLinkedQueue<Request> queue = new ConcurrentLinkedQueue<>();
    private @Nullable Peer answered; // main thread only: whose answers may be held
    private final List<Peer> deaf = new ArrayList<>(); // main thread only: those with requests aside
    private final AtomicReference<@Nullable Request> current = new AtomicReference<>(); // written by the main thread
    private volatile @Nullable Thread main; // written once, by the main thread
    private volatile @Nullable ClassLoader loader; // the same
    private volatile boolean parked; // written by the main thread

    /**
     * A main thread with nothing to do yet.
     *
     * @param service whose it is; it tells when to end
     * @param reading null if each connection has a reader thread
     * @param peers the clients
     */
    MainThread(Service service, @Nullable Reading reading, SpinBudget budget, Set<Peer> peers) {
        this.service = service;
        this.reading = reading;
        this.budget = budget;
        this.peers = peers;
    }

    /** Runs what clients ask for, until the service ends. */
    void run() {
        loader = Thread.currentThread().getContextClassLoader();
        main = Thread.currentThread();
        Running.begin();
        try {
            while (!isFinished()) {
                if (!runOne()) {
                    sendHeldAnswers();
                    idle();
                }
            }
        } finally {
            Running.end();
        }
    }

    private boolean isFinished() {
        return service.isEnding() && queue.isEmpty() && deaf.isEmpty() && service.isDoneBeside(); // in this order
    }

    /** Runs the next request whose client takes answers; the others wait aside, in their order. */
    private boolean runOne() {
        if (!deaf.isEmpty() && runOneOfTheDeaf()) {
            return true;
        }
        Request next = queue.peek();
        if (next == null) {
            return false;
        }
        Peer peer = next.peer();
        if (!peers.contains(peer) || peer.aside().isEmpty() && peer.takesAnswers()) { // others wake nobody here
            return runFirst(queue);
        }
        peer.aside().add(next); // before it leaves the queue, so that a cancel finds it here or there
        queue.remove(next); // as in runFirst
        if (!deaf.contains(peer)) {
            deaf.add(peer);
        }
        return true;
    }

    private boolean runOneOfTheDeaf() {
        for (Peer peer : deaf) {
            if (peer.takesAnswers() && runFirst(peer.aside())) {
                return true;
            }
        }
        deaf.removeIf(peer -> peer.aside().isEmpty());
        return false;
    }

    private boolean runFirst(Queue<Request> from) {
        Request first = from.peek();
        if (first == null) {
            return false;
        }
        current.setRelease(first); // before it leaves the queue, so that a cancel finds it here or there
        from.remove(first); // not poll: who refuses all may have taken it, and then the next one stays
        if (first.peer() != answered) {
            sendHeldAnswers();
            answered = first.peer();
        }
        if (!first.execute()) {
            service.runsElsewhere(first);
        }
        Interrupts.leaveAll(); // what a function left of interrupts and regions is not for the next one
        Thread.interrupted();
        current.setRelease(null);
        return true;
    }

    private void sendHeldAnswers() {
        if (answered != null) {
            answered.sendHeld();
            answered = null;
        }
    }

    /** Whether another answer will be sent soon after that of a request which the calling thread has run. */
    boolean isBusyAfter(Request request) {
        return request == current.getPlain() && !queue.isEmpty() && Thread.currentThread() == main;
    }

    /** Whether there is nothing to do but to read. */
    private boolean isIdle() {
        return queue.isEmpty() && (deaf.isEmpty() || areDeaf());
    }

    private boolean areDeaf() {
        for (Peer peer : deaf) {
            if (peer.takesAnswers() || peer.aside().isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private void idle() {
        Thread.interrupted(); // a task that could be interrupted has ended
        if (reading == null) {
            parked = true;
            if (isIdle() && !isFinished()) {
                LockSupport.park(this);
            }
            parked = false;
        } else if (reading.tryClaim() || getsTurn(reading)) {
            try {
                readWhileIdle(reading);
            } finally {
                reading.release();
            }
        }
    }

    /** Sleeps while another thread reads, unless there is something else to do; whether it has the role of reading then. */
    private boolean getsTurn(Reading from) {
        parked = true;
        boolean mine = from.awaitTurn(() -> !isIdle() || isFinished());
        parked = false;
        return mine;
    }

    private void readWhileIdle(Reading from) {
        Spin spin = budget.begin();
        boolean waiting = isIdle();
        while (waiting && spin.goesOn()) {
            waiting = from.look() == 0 && isIdle();
        }
        if (waiting) {
            from.sendDeputyOut();
            waiting = isIdle();
        }
        while (waiting && !isFinished() && !Thread.interrupted()) {
            from.await(Long.MAX_VALUE);
            from.poll();
            waiting = isIdle();
        }
        spin.ended(true); // also where it did not spin: else it never would again
    }

    /** Makes it look whether there is something to do, or to end. */
    void wake() {
        if (parked) { // what it is woken for was there before this was read, so it finds that in any case
            LockSupport.unpark(main);
        } else if (reading != null) {
            reading.wakeUp();
        }
    }

    // ---- what others ask

    @Override
    public void add(Request request) {
        queue.add(request);
        if (Thread.currentThread() != main) {
            wake();
        }
    }

    /** The loader of its context, as it began; null before. */
    @Nullable
    ClassLoader loader() {
        return loader;
    }

    /** Whether it runs something. */
    boolean isBusy() {
        return current.get() != null;
    }

    /** How many requests wait for it. */
    int waiting() {
        int waiting = queue.size();
        for (Peer peer : peers) {
            waiting += peer.aside().size();
        }
        return waiting;
    }

    /** As {@link Requests#offerTo}. */
    void offerTo(Chains.Member member) {
        for (Request request : queue) {
            request.offerTo(member);
        }
    }

    /** As {@link Requests#about}. */
    void about(Peer peer, long ticket, int kind, int flags) {
        for (Request request : queue) {
            request.about(peer, ticket, kind, flags);
        }
        for (Request request : peer.aside()) {
            request.about(peer, ticket, kind, flags);
        }
        Request running = current.get();
        if (running != null) {
            running.about(peer, ticket, kind, flags);
        }
    }

    /** Refuses what has not begun. */
    void refuseAll(Supplier<Throwable> why) {
        refuseAll(queue, why);
        for (Peer peer : peers) {
            refuseAll(peer.aside(), why);
        }
    }

    private static void refuseAll(Queue<Request> requests, Supplier<Throwable> why) {
        for (Request request = requests.poll(); request != null; request = requests.poll()) {
            request.refuse(why.get());
        }
    }

    /** Interrupts what runs. */
    void stop(Throwable why) {
        Request running = current.get();
        if (running != null) {
            running.stop(why);
        }
    }
}
