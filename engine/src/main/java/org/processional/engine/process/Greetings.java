// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.processional.engine.peer.Peer;
import org.processional.engine.task.Completions;
import org.processional.spi.Connection;

/**
 * Greets those who connect, each in a thread of its own, so that a slow one holds up nobody; at most {@value #MOST} at
 * once. Where strangers can connect and all places are taken, those who have sat there for more than a second are sent
 * away: a good client needs milliseconds, and who means to block the entrance must not keep it.
 *
 * <p><b>Threads:</b> one thread admits, the rest from any. Nothing is called with the lock of {@code guests} held but
 * {@code close} of connections, which waits for nobody.
 */
final class Greetings implements AutoCloseable {
    static final int MOST = 64;
    private static final long PATIENCE_NANOS = 1_000_000_000;
    private static final long LOOK_MILLIS = 20;

    /** What is done with a guest. */
    interface Host {
        /** Greets it, in time; null if it is not taken. */
        @Nullable
        Peer greet(Connection connection);

        /** Serves it, who is no guest any more: to end the greetings no longer closes its connection. */
        void begin(Peer peer);
    }

    private static final class Guest {
        final Connection connection;
        final long since = System.nanoTime();

        Guest(Connection connection) {
            this.connection = connection;
        }
    }

    private final Host host;
    private final boolean strangers;
    private final Semaphore places = new Semaphore(MOST);
    private final ArrayDeque<Guest> guests = new ArrayDeque<>(); // guarded by itself; the oldest first
    private boolean closed; // guarded by guests

    Greetings(Host host, boolean strangers) {
        this.host = host;
        this.strangers = strangers;
    }

    /** Greets a client as soon as there is a place, and closes its connection if this is closed before. */
    void admit(Connection connection) {
        Guest guest = new Guest(connection);
        boolean placed = places.tryAcquire();
        while (!placed && !isClosed()) {
            if (strangers) {
                sendAwayTheOld();
            }
            placed = acquireSoon();
        }
        boolean welcome = placed;
        synchronized (guests) {
            welcome &= !closed;
            if (welcome) {
                guests.add(guest);
            }
        }
        if (welcome) {
            Completions.run(() -> greet(guest));
        } else {
            connection.close();
        }
    }

    private boolean acquireSoon() {
        try {
            return places.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return false; // nobody has a reason to interrupt who admits
        }
    }

    private boolean isClosed() {
        synchronized (guests) {
            return closed;
        }
    }

    private void greet(Guest guest) {
        Peer taken;
        try {
            taken = host.greet(guest.connection);
        } finally {
            synchronized (guests) {
                guests.remove(guest);
            }
            places.release();
        }
        if (taken != null) {
            host.begin(taken);
        }
    }

    private void sendAwayTheOld() {
        long now = System.nanoTime();
        synchronized (guests) {
            Iterator<Guest> oldest = guests.iterator();
            while (oldest.hasNext()) {
                Guest guest = oldest.next();
                if (now - guest.since < PATIENCE_NANOS) {
                    return;
                }
                oldest.remove(); // once; its greeting ends, and gives the place back
                guest.connection.close();
            }
        }
    }

    /** Ends the greetings that are going on; nobody is admitted any more. */
    @Override
    public void close() {
        synchronized (guests) {
            closed = true;
            for (Guest guest : guests) {
                guest.connection.close();
            }
            guests.clear();
        }
    }
}
