// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.unix;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.processional.spi.Listener;
import org.processional.spi.PollableConnection;
import org.processional.spi.WaitSet;

/**
 * Waits in a selector.
 *
 * <p>The selector is touched by the thread whose turn it is, and by no other: jnr's does not bear more, and the JDK's
 * would not act before its next wait anyway. Who adds, removes or closes leaves a note and carries it out if nobody
 * waits; otherwise the waiting thread is nudged and does it.
 *
 * <p>The members decide on the selector: those on channels of the JDK and those of jnr cannot be in one set. An empty
 * set takes the kind of the first member that is added.
 *
 * <p>Waits are measured in milliseconds and rounded up to the next.
 *
 * <p><b>Threads:</b> as {@link WaitSet} says. Locks, in this order: {@code turn}, then one of {@code notes} and
 * {@code nudging}.
 */
final class UnixWaitSet implements WaitSet {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final Consumer<SelectionKey> IGNORE = new Ignore();

    private final Consumer<SelectionKey> marker = new Marker();
    private final ReentrantLock turn = new ReentrantLock(); // held by who waits, or carries notes out
    private final Object nudging = new Object(); // held to wake the selector, and to replace or close it
    private final Object notes = new Object();

    private final ConcurrentHashMap<SocketEnd, Member> members = new ConcurrentHashMap<>();
    private ArrayList<Member> changed = new ArrayList<>(); // guarded by notes
    private ArrayList<Member> applying = new ArrayList<>(); // guarded by turn
    private Sockets kind; // guarded by notes: what the selector should be
    private Sockets selectorKind; // guarded by turn: what it is
    private Selector selector; // written under turn and nudging, read under either
    private long round; // waiting thread: counts the waits

    private volatile boolean noted; // written under notes
    private volatile boolean woken; // set by wakeUp, cleared by the waiting thread
    private volatile boolean waiting; // waiting thread only; while true, the selector needs a nudge
    private volatile boolean closed; // set once
    private volatile boolean selectorClosed; // written under turn

    /**
     * Opens an empty set.
     *
     * @param kind the sockets to begin with
     */
    UnixWaitSet(Sockets kind) throws IOException {
        this.kind = kind;
        selectorKind = kind;
        selector = kind.openSelector();
    }

    @Override
    public void add(PollableConnection connection) throws IOException {
        addEnd(own(connection));
    }

    @Override
    public void add(Listener listener) throws IOException {
        addEnd(own(listener));
    }

    /** Adds an end to wait for what it is interested in. */
    private void addEnd(SocketEnd end) throws IOException {
        addEnd(end, end.interest());
    }

    /** Adds an end to wait for some operations. */
    void addEnd(SocketEnd end, int interest) throws IOException {
        Member member = new Member(end, interest);
        synchronized (notes) {
            if (closed) {
                throw new IOException("the wait set is closed");
            }
            if (members.isEmpty()) {
                kind = end.sockets();
            } else if (kind != end.sockets()) {
                throw new IOException(
                        end + " uses the provider " + end.sockets().provider()
                                + ", and the others in this wait set use " + kind.provider()
                                + "; one wait set cannot wait for both, so use addresses of one kind in a process");
            }
            if (members.putIfAbsent(end, member) != null) {
                return;
            }
            note(member);
        }
        end.joined(this);
        if (end.isClosed() || closed) {
            forget(end);
            throw new IOException(end.isClosed() ? end + " is closed" : "the wait set is closed");
        }
        nudge();
    }

    @Override
    public void remove(PollableConnection connection) {
        forget(own(connection));
    }

    /** Forgets a member whose channel was closed, and wakes the waiting thread. */
    void memberClosed(SocketEnd end) {
        wakeUp();
        forget(end);
    }

    private void forget(SocketEnd end) {
        end.left(this);
        synchronized (notes) {
            Member member = members.remove(end);
            if (member == null) {
                return;
            }
            member.gone = true;
            note(member);
        }
        nudge();
        settle();
    }

    @Override
    public void writable(PollableConnection connection, boolean wanted) {
        synchronized (notes) {
            Member member = members.get(own(connection));
            if (member == null) {
                return;
            }
            int interest = wanted ? member.interest | SelectionKey.OP_WRITE : member.interest & ~SelectionKey.OP_WRITE;
            if (interest == member.interest) {
                return;
            }
            member.interest = interest;
            note(member);
        }
        nudge();
    }

    @Override
    public void await(long nanos) throws IOException {
        turn.lock();
        try {
            round++;
            select(nanos);
        } finally {
            turn.unlock();
        }
        settle(); // what was noted while we left
    }

    private void select(long nanos) throws IOException {
        boolean interrupted = Thread.interrupted(); // with the flag set, the selector would never wait
        try {
            long deadline = nanos == 0 || nanos == Long.MAX_VALUE ? 0 : System.nanoTime() + nanos;
            long left = nanos;
            while (true) {
                apply();
                int ready = selectOnce(interrupted ? 0 : left);
                boolean called = woken;
                if (called) {
                    woken = false; // only what was seen: a call that comes now ends the next round
                }
                requireOpen();
                if (ready > 0 || called || interrupted || Thread.currentThread().isInterrupted()) {
                    return;
                }
                if (nanos != Long.MAX_VALUE) {
                    left = nanos == 0 ? 0 : deadline - System.nanoTime();
                    if (left <= 0 && !noted) {
                        return;
                    }
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private int selectOnce(long nanos) throws IOException {
        waiting = true; // before the questions: who wakes sets its flag first and asks for this one then
        try {
            if (nanos <= 0 || woken || noted || closed) {
                return selector.selectNow(marker);
            }
            return selector.select(marker, nanos == Long.MAX_VALUE ? 0 : millis(nanos));
        } finally {
            waiting = false;
        }
    }

    private static long millis(long nanos) {
        long millis = nanos / NANOS_PER_MILLI + (nanos % NANOS_PER_MILLI == 0 ? 0 : 1);
        return Math.min(millis, Integer.MAX_VALUE);
    }

    @Override
    public boolean isReady(Object member) {
        if (!(member instanceof SocketEnd end)) {
            return false;
        }
        Member found = members.get(end);
        return end.isClosed() || (found != null && found.readyRound == round); // a closed one: its next operation tells
    }

    @Override
    public void wakeUp() {
        woken = true;
        nudge();
    }

    @Override
    public void close() {
        synchronized (notes) {
            closed = true;
        }
        nudge();
        settle();
    }

    private void nudge() {
        if (!waiting) {
            return;
        }
        synchronized (nudging) {
            if (waiting) {
                selector.wakeup();
            }
        }
    }

    /** Carries out what is noted, unless somebody has the turn and will do it. */
    private void settle() {
        while ((noted || (closed && !selectorClosed)) && turn.tryLock()) {
            try {
                apply();
            } catch (IOException e) {
                // the selector is broken or cannot be opened; the next wait meets the same, and tells
                return;
            } finally {
                turn.unlock();
            }
        }
    }

    private void apply() throws IOException {
        if (closed) {
            closeSelector();
            throw closedSet();
        }
        if (!noted) {
            return;
        }
        Sockets wanted = takeNotes();
        boolean applied = false;
        try {
            if (cancelGone()) {
                // now a closed channel loses its descriptor, and an open one can be added again
                selector.selectNow(IGNORE);
            }
            if (wanted != selectorKind) {
                replaceSelector(wanted);
            }
            for (int i = 0; i < applying.size(); i++) {
                register(applying.get(i));
            }
            applied = true;
        } finally {
            if (!applied) {
                noteAgain(); // the next wait fails as well, rather than wait in vain
            }
        }
        applying.clear();
    }

    private boolean cancelGone() {
        boolean cancelled = false;
        for (int i = 0; i < applying.size(); i++) {
            Member member = applying.get(i);
            SelectionKey key = member.key;
            if (member.gone && key != null) {
                key.cancel();
                cancelled = true;
            }
        }
        return cancelled;
    }

    private void noteAgain() {
        synchronized (notes) {
            for (int i = 0; i < applying.size(); i++) {
                note(applying.get(i));
            }
        }
    }

    private Sockets takeNotes() {
        applying.clear();
        synchronized (notes) {
            ArrayList<Member> taken = changed;
            changed = applying;
            applying = taken;
            for (int i = 0; i < taken.size(); i++) {
                taken.get(i).noted = false;
            }
            noted = false;
            return kind;
        }
    }

    private void note(Member member) {
        if (!member.noted) {
            member.noted = true;
            changed.add(member);
        }
        noted = true;
    }

    private void register(Member member) {
        if (member.gone) {
            return;
        }
        try {
            SelectionKey key = member.key;
            if (key == null) {
                member.key = member.end.channel().register(selector, member.interest, member);
            } else {
                key.interestOps(member.interest);
            }
        } catch (ClosedChannelException | CancelledKeyException e) {
            // closed a moment ago; the note that takes it out follows
        }
    }

    private void replaceSelector(Sockets wanted) throws IOException {
        Selector next = wanted.openSelector();
        Selector last = selector;
        synchronized (nudging) {
            selector = next;
            selectorKind = wanted;
        }
        last.close();
    }

    private void closeSelector() throws IOException {
        if (selectorClosed) {
            return;
        }
        selectorClosed = true;
        for (SocketEnd end : members.keySet()) {
            end.left(this);
        }
        members.clear();
        synchronized (nudging) {
            selector.close();
        }
    }

    private void requireOpen() throws IOException {
        if (closed) {
            closeSelector();
            throw closedSet();
        }
    }

    private static IOException closedSet() {
        return new IOException("the wait set is closed");
    }

    private static SocketEnd own(@Nullable Object member) {
        if (member instanceof SocketEnd end) {
            return end;
        }
        throw new IllegalArgumentException(
                member + " does not belong to the transport unix; use the wait set of its own transport");
    }

    /** One end in the set. */
    private static final class Member {
        final SocketEnd end;
        volatile int interest; // written under notes
        volatile boolean gone; // written under notes
        boolean noted; // guarded by notes

        @Nullable
        SelectionKey key; // guarded by turn

        long readyRound = -1; // waiting thread: the last wait that found it ready

        Member(SocketEnd end, int interest) {
            this.end = end;
            this.interest = interest;
        }
    }

    /** Marks members as ready; classes in place of lambdas, which cost a fresh JVM 20 ms. */
    private final class Marker implements Consumer<SelectionKey> {
        @Override
        public void accept(SelectionKey key) {
            Object member = key.attachment();
            if (member != null) {
                ((Member) member).readyRound = round;
            }
        }
    }

    private static final class Ignore implements Consumer<SelectionKey> {
        @Override
        public void accept(SelectionKey key) {}
    }
}
