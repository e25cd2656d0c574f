// SPDX-License-Identifier: Apache-2.0
package org.processional.spi.channel;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
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
 *
 * @since 0.1
 */
public final class ChannelWaitSet implements WaitSet {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final Consumer<SelectionKey> IGNORE = new Ignore();

    private final Consumer<SelectionKey> marker = new Marker();
    private final ReentrantLock turn = new ReentrantLock(); // held by who waits, or carries notes out
    private final Object nudging = new Object(); // held to wake the selector, and to replace or close it
    private final Notes notes;

    private List<Notes.Member> applying = new ArrayList<>(); // guarded by turn
    private ChannelKind selectorKind; // guarded by turn: what the selector is
    private Selector selector; // written under turn and nudging, read under either
    private long round; // waiting thread: counts the waits

    private volatile boolean woken; // set by wakeUp, cleared by the waiting thread
    private volatile boolean waiting; // waiting thread only; while true, the selector needs a nudge
    private volatile boolean closed; // set once
    private volatile boolean selectorClosed; // written under turn

    /**
     * Opens an empty set.
     *
     * @param kind the channels to begin with
     * @throws IOException if the system refuses
     */
    public ChannelWaitSet(ChannelKind kind) throws IOException {
        notes = new Notes(kind);
        selectorKind = kind;
        selector = kind.openSelector();
    }

    @Override
    public void add(PollableConnection connection) throws IOException {
        ChannelEnd end = own(connection);
        if (end instanceof ChannelConnection polled) {
            polled.isPolled();
        }
        addEnd(end);
    }

    @Override
    public void add(Listener listener) throws IOException {
        addEnd(own(listener));
    }

    /** Adds an end to wait for what it is interested in. */
    private void addEnd(ChannelEnd end) throws IOException {
        addEnd(end, end.interest());
    }

    /** Adds an end to wait for some operations. */
    void addEnd(ChannelEnd end, int interest) throws IOException {
        if (!notes.add(end, interest)) {
            return;
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
    void memberClosed(ChannelEnd end) {
        wakeUp();
        forget(end);
    }

    private void forget(ChannelEnd end) {
        end.left(this);
        if (notes.remove(end)) {
            nudge();
            settle();
        }
    }

    @Override
    public void writable(PollableConnection connection, boolean wanted) {
        if (notes.change(own(connection), ~SelectionKey.OP_WRITE, wanted ? SelectionKey.OP_WRITE : 0)) {
            nudge();
        }
    }

    /** Waits for other operations of a member from now on. */
    void interest(ChannelEnd end, int interest) {
        if (notes.change(end, 0, interest)) {
            nudge();
        }
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
                    if (left <= 0 && !notes.pending()) {
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
            if (nanos <= 0 || woken || notes.pending() || closed) {
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
        if (!(member instanceof ChannelEnd end)) {
            return false;
        }
        Notes.Member found = notes.find(end);
        return end.isClosed() || (found != null && found.readyRound == round); // a closed one: its next operation tells
    }

    @Override
    public void wakeUp() {
        woken = true;
        nudge();
    }

    @Override
    public void close() {
        notes.end();
        closed = true;
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
        while ((notes.pending() || (closed && !selectorClosed)) && turn.tryLock()) {
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
        if (!notes.pending()) {
            return;
        }
        applying.clear();
        ChannelKind wanted;
        synchronized (notes) {
            applying = notes.take(applying);
            wanted = notes.kind();
        }
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
                notes.again(applying); // the next wait fails as well, rather than wait in vain
            }
        }
        applying.clear();
    }

    private boolean cancelGone() {
        boolean cancelled = false;
        for (int i = 0; i < applying.size(); i++) {
            Notes.Member member = applying.get(i);
            SelectionKey key = member.key;
            if (member.gone && key != null) {
                key.cancel();
                cancelled = true;
            }
        }
        return cancelled;
    }

    private void register(Notes.Member member) {
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

    private void replaceSelector(ChannelKind wanted) throws IOException {
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
        for (ChannelEnd end : notes.ends()) {
            end.left(this);
        }
        notes.clear();
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

    private static ChannelEnd own(@Nullable Object member) {
        if (member instanceof ChannelEnd end) {
            return end;
        }
        throw new IllegalArgumentException(member + " does not belong to this transport; use the wait set of its own");
    }

    /** Marks members as ready; classes in place of lambdas, which cost a fresh JVM 20 ms. */
    private final class Marker implements Consumer<SelectionKey> {
        @Override
        public void accept(SelectionKey key) {
            Object member = key.attachment();
            if (member != null) {
                ((Notes.Member) member).readyRound = round;
            }
        }
    }

    private static final class Ignore implements Consumer<SelectionKey> {
        @Override
        public void accept(SelectionKey key) {}
    }
}
