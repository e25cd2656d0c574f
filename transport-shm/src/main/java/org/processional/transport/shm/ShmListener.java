// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.shm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.processional.spi.Address;
import org.processional.spi.Connection;
import org.processional.spi.FrameHandler;
import org.processional.spi.Listener;
import org.processional.spi.PollableConnection;
import org.processional.spi.PollableTransport;
import org.processional.spi.WaitSet;

/**
 * Accepts on the socket; who has connected there is a guest until its greeting has come, so that a silent one keeps
 * nobody waiting.
 *
 * <p><b>Threads:</b> as {@link Listener} says.
 */
final class ShmListener implements Listener {
    /** The engine's limits count from the accept, so these are fixed: they are in docs/limits.md. */
    static final Duration GREETING = Duration.ofSeconds(10);

    static final int MOST_GUESTS = 100;

    private final PollableTransport sockets;
    private final Listener socket;
    private final ShmAddress name;
    private final long greetingNanos;
    private final CopyOnWriteArrayList<Guest> guests = new CopyOnWriteArrayList<>(); // changed by the accepting thread
    private final CopyOnWriteArrayList<WaitSet> waitSets = new CopyOnWriteArrayList<>(); // of sockets
    private volatile @Nullable WaitSet acceptWait; // made by the accepting thread, closed by any
    private volatile boolean closed; // set once
    private int accepted; // accepting thread only

    /**
     * Takes over a listener of sockets.
     *
     * @param greeting how long a guest may take
     */
    ShmListener(PollableTransport sockets, Listener socket, ShmAddress name, Duration greeting) {
        this.sockets = sockets;
        this.socket = socket;
        this.name = name;
        this.greetingNanos = greeting.toNanos();
    }

    @Override
    public Address address() {
        return name.address();
    }

    @Override
    public @Nullable Connection accept(Duration wait) throws IOException {
        try {
            return acceptWithin(Waits.nanos(wait));
        } catch (IOException e) {
            if (closed) {
                closeAll(); // what was opened after close() had looked for it
                throw new IOException("the listener at " + name + " is closed", e);
            }
            throw e;
        }
    }

    private @Nullable Connection acceptWithin(long nanos) throws IOException {
        long start = System.nanoTime();
        while (true) {
            invite();
            Connection connection = greetGuests();
            if (connection != null) {
                tellOfMore();
            }
            if (connection != null || nanos == 0) {
                return connection;
            }
            long left = Waits.left(nanos, start);
            if (left == 0 || Thread.currentThread().isInterrupted()) {
                return null;
            }
            acceptWait().await(guests.isEmpty() ? left : Math.min(left, greetingNanos));
        }
    }

    private void invite() throws IOException {
        Connection connection;
        while ((connection = socket.accept(Duration.ZERO)) != null) {
            Guest guest = new Guest((PollableConnection) connection);
            guests.add(guest);
            for (WaitSet set : waitSets) {
                set.add(guest.socket);
            }
            if (guests.size() > MOST_GUESTS && !dismissOneWhoIsSilent()) {
                return; // they are served first, and the others wait before the door
            }
        }
    }

    /** Sends the oldest guest away who has said nothing; whether there was one. */
    private boolean dismissOneWhoIsSilent() {
        for (Guest guest : guests) {
            if (!isHeard(guest)) {
                dismiss(guest);
                return true;
            }
        }
        return false;
    }

    private static boolean isHeard(Guest guest) {
        try {
            return hear(guest);
        } catch (IOException e) {
            guest.reason = e.getMessage();
            return false;
        }
    }

    private static boolean hear(Guest guest) throws IOException {
        if (!guest.said) {
            guest.socket.poll(guest);
        }
        return guest.said;
    }

    /** Whose greeting was read, and who waits for the next accept, is seen by nobody else any more. */
    private void tellOfMore() {
        for (Guest guest : guests) {
            if (guest.said) {
                waitSets.forEach(WaitSet::wakeUp);
                return;
            }
        }
    }

    private @Nullable Connection greetGuests() {
        for (Guest guest : guests) {
            ShmConnection connection = null;
            boolean waits = false;
            try {
                if (hear(guest)) {
                    connection = welcome(guest);
                } else {
                    waits = System.nanoTime() - guest.since < greetingNanos;
                }
            } catch (IOException e) {
                guest.reason = e.getMessage(); // it has left again, or cannot be served; the next, then
            }
            if (connection != null) {
                release(guest);
                return connection;
            }
            if (!waits) {
                dismiss(guest);
            }
        }
        return null;
    }

    private ShmConnection welcome(Guest guest) throws IOException {
        Greeting greeting = guest.greeting;
        if (greeting == null) {
            throw new IOException(guest.reason);
        }
        RingFile file = RingFile.open(greeting);
        accepted++;
        String peer = "client " + accepted + " of " + name + ", process " + greeting.pid();
        return new ShmConnection(sockets, guest.socket, file, peer, false);
    }

    /** Takes a guest from the list, and its socket from the wait sets. */
    private void release(Guest guest) {
        guests.remove(guest);
        for (WaitSet set : waitSets) {
            set.remove(guest.socket);
        }
    }

    private void dismiss(Guest guest) {
        release(guest);
        String reason = guest.reason;
        if (reason != null) {
            try {
                guest.socket.offer(Greeting.refusal(reason));
                guest.socket.flushNow();
            } catch (IOException e) {
                // it has left
            }
        }
        guest.socket.close();
    }

    private WaitSet acceptWait() throws IOException {
        WaitSet wait = acceptWait;
        if (wait == null) {
            wait = sockets.openWaitSet();
            acceptWait = wait;
            joined(wait);
        }
        return wait;
    }

    /** Adds what can become ready here to a wait set of sockets. */
    void joined(WaitSet set) throws IOException {
        waitSets.add(set);
        set.add(socket);
        for (Guest guest : guests) {
            set.add(guest.socket);
        }
    }

    void left(WaitSet set) {
        waitSets.remove(set);
    }

    /** Whether a wait set of sockets has found that accepting may succeed. */
    boolean isReady(WaitSet set) {
        boolean ready = closed || set.isReady(socket);
        for (Guest guest : guests) {
            ready |= guest.said || set.isReady(guest.socket);
        }
        return ready;
    }

    @Override
    public void close() {
        closed = true;
        socket.close();
        closeAll();
    }

    private void closeAll() {
        for (Guest guest : guests) {
            guest.socket.close();
        }
        WaitSet wait = acceptWait;
        if (wait != null) {
            wait.close();
        }
    }

    @Override
    public String toString() {
        return "listener at " + name;
    }

    /** Somebody who has connected to the socket. */
    private static final class Guest implements FrameHandler {
        final PollableConnection socket;
        final long since = System.nanoTime();
        boolean said; // accepting thread only, as all below

        @Nullable
        Greeting greeting;

        @Nullable
        String reason; // why it is not served, if it is to know

        Guest(PollableConnection socket) {
            this.socket = socket;
        }

        @Override
        public void frame(ByteBuffer frame, boolean owned) {
            if (said) {
                return; // a bell: it has written already, and we will look
            }
            said = true;
            try {
                greeting = Greeting.read(frame);
            } catch (IOException e) {
                reason = e.getMessage();
            }
        }
    }
}
