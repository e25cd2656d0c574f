// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.shm;

import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.processional.spi.Listener;
import org.processional.spi.PollableConnection;
import org.processional.spi.PollableTransport;
import org.processional.spi.WaitSet;

/**
 * Looks into the rings, and sleeps in a wait set of their sockets.
 *
 * <p>Who goes to sleep says so in each ring, fences, and looks once more; the peer writes, fences, and looks for
 * sleepers: one of the two sees the other. What was said stays until a bell answers it, also if the sleeper leaves
 * earlier: that costs one bell for nothing, where taking it back would take it from somebody else who sleeps over the
 * same connection. Who attends to a connection takes it back, and says it again for whoever sleeps by then.
 *
 * <p><b>Threads:</b> as {@link WaitSet} says.
 */
final class ShmWaitSet implements WaitSet {
    private static final long LOOK_NANOS = 20_000_000;

    private final WaitSet sockets;
    private final ConcurrentHashMap<ShmConnection, Member> members = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<ShmListener, Member> listeners = new ConcurrentHashMap<>();
    private long round; // waiting thread: counts the waits
    private long looked = System.nanoTime(); // waiting thread: when it looked at the sockets though it need not
    private volatile boolean woken; // set by wakeUp, cleared by the waiting thread
    private volatile boolean waiting; // waiting thread only; while true, a nudge goes to the sockets
    private volatile boolean closed; // set once

    /** Opens an empty set. */
    ShmWaitSet(PollableTransport transport) throws IOException {
        sockets = transport.openWaitSet();
    }

    @Override
    public void add(PollableConnection connection) throws IOException {
        ShmConnection own = own(connection);
        own.isPolled();
        addEnd(own, true, false);
    }

    /** Adds a connection to wait for some of what can happen. */
    void addEnd(ShmConnection connection, boolean readable, boolean writable) throws IOException {
        requireOpen();
        if (members.putIfAbsent(connection, new Member(readable, writable)) != null) {
            return;
        }
        connection.joined(this);
        boolean added = false;
        try {
            if (!connection.isClosed()) {
                sockets.add(connection.socket());
            }
            added = !connection.isClosed() && !closed;
        } finally {
            if (!added) {
                remove(connection);
            }
        }
        requireOpen();
        if (!added) {
            throw new IOException(connection + " is closed");
        }
        nudge();
    }

    @Override
    public void add(Listener listener) throws IOException {
        if (!(listener instanceof ShmListener own)) {
            throw stranger(listener);
        }
        requireOpen();
        if (listeners.putIfAbsent(own, new Member(true, false)) == null) {
            own.joined(sockets);
            nudge();
        }
    }

    @Override
    public void remove(PollableConnection connection) {
        ShmConnection own = own(connection);
        own.left(this);
        if (members.remove(own) != null) {
            sockets.remove(own.socket());
        }
    }

    /** Forgets a connection that was closed, and ends the wait. */
    void memberClosed(ShmConnection connection) {
        remove(connection);
        wakeUp();
    }

    @Override
    public void writable(PollableConnection connection, boolean wanted) {
        Member member = members.get(own(connection));
        if (member != null && member.writable != wanted) {
            member.writable = wanted;
            if (wanted) {
                nudge();
            }
        }
    }

    @Override
    public boolean attended(PollableConnection connection) {
        own(connection).awake();
        return true;
    }

    @Override
    public void unattended(PollableConnection connection) {
        ShmConnection own = own(connection);
        own.announceSleep(true, false);
        VarHandle.fullFence();
        if (own.isReadable()) {
            nudge();
        }
    }

    @Override
    public void await(long nanos) throws IOException {
        requireOpen();
        round++;
        if (nanos <= 0) {
            lookNowAndThen();
            woken = false;
            markReady();
            return;
        }
        long start = nanos == Long.MAX_VALUE ? 0 : System.nanoTime();
        waiting = true; // before the questions: who nudges does what it has to do first, and asks for this one then
        try {
            boolean over = isOver();
            if (over) {
                lookNowAndThen();
            }
            while (!over) {
                long left = Waits.left(nanos, start);
                if (left == 0) {
                    return;
                }
                announceSleep();
                over = isOver();
                if (!over) {
                    sockets.await(left);
                    over = lookAtSockets();
                    over |= isOver();
                }
            }
        } catch (IOException e) {
            requireOpen();
            throw e;
        } finally {
            waiting = false;
        }
    }

    /** Whether there is a reason to wait no longer. */
    private boolean isOver() throws IOException {
        requireOpen();
        boolean over = markReady();
        if (woken) {
            woken = false; // only what was seen: a call that comes now ends the next wait
            over = true;
        }
        return over || Thread.currentThread().isInterrupted();
    }

    /** Looks at the sockets where the rings alone would do: others in this set may have ended, or want to connect. */
    private void lookNowAndThen() throws IOException {
        long now = System.nanoTime();
        if (!listeners.isEmpty() || now - looked >= LOOK_NANOS) {
            looked = now;
            sockets.await(0);
            lookAtSockets();
        }
    }

    private boolean markReady() {
        boolean any = false;
        for (var entry : members.entrySet()) {
            Member member = entry.getValue();
            ShmConnection connection = entry.getKey();
            if (member.readable && connection.isReadable() || member.writable && connection.isWritable()) {
                member.readyRound = round;
                any = true;
            }
        }
        for (Member listener : listeners.values()) {
            any |= listener.readyRound == round;
        }
        return any;
    }

    private void announceSleep() {
        for (var entry : members.entrySet()) {
            entry.getKey().announceSleep(entry.getValue().readable, entry.getValue().writable);
        }
        VarHandle.fullFence();
    }

    /**
     * Takes bells off the sockets. A bell ends a wait also if another thread has taken what it was rung for: who would
     * wait on would be rung for once more with the next frame, and with each after it.
     *
     * @return whether there were any
     */
    private boolean lookAtSockets() {
        boolean rung = false;
        for (ShmConnection connection : members.keySet()) {
            if (sockets.isReady(connection.socket())) {
                connection.look(this);
                rung = true;
            }
        }
        for (var entry : listeners.entrySet()) {
            if (entry.getKey().isReady(sockets)) {
                entry.getValue().readyRound = round;
            }
        }
        return rung;
    }

    @Override
    public boolean isReady(Object member) {
        if (member instanceof ShmConnection connection) {
            Member found = members.get(connection);
            return connection.isClosed() || found != null && found.readyRound == round; // its next operation tells
        }
        Member found = member instanceof ShmListener listener ? listeners.get(listener) : null;
        return found != null && found.readyRound == round;
    }

    @Override
    public void wakeUp() {
        woken = true;
        nudge();
    }

    /** Makes who waits look again. */
    void nudge() {
        if (waiting) {
            sockets.wakeUp();
        }
    }

    @Override
    public void close() {
        closed = true;
        for (ShmConnection connection : members.keySet()) {
            connection.left(this);
        }
        for (ShmListener listener : listeners.keySet()) {
            listener.left(sockets);
        }
        members.clear();
        listeners.clear();
        sockets.close();
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("the wait set is closed");
        }
    }

    private static ShmConnection own(@Nullable Object member) {
        if (member instanceof ShmConnection connection) {
            return connection;
        }
        throw stranger(member);
    }

    private static IllegalArgumentException stranger(@Nullable Object member) {
        return new IllegalArgumentException(
                member + " does not belong to the transport shm; use the wait set of its own transport");
    }

    /** One connection or listener in the set. */
    private static final class Member {
        final boolean readable;
        volatile boolean writable; // written by any
        long readyRound = -1; // waiting thread: the last wait that found it ready

        Member(boolean readable, boolean writable) {
            this.readable = readable;
            this.writable = writable;
        }
    }
}
