// SPDX-License-Identifier: Apache-2.0
package org.processional.tck.broken;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.processional.spi.Address;
import org.processional.spi.Listener;
import org.processional.spi.PollableConnection;
import org.processional.spi.PollableTransport;
import org.processional.spi.WaitSet;
import org.processional.tck.Eventually;
import org.processional.tck.memory.MemoryTransport;

/**
 * The transport in memory with one fault.
 *
 * <p><b>Threads:</b> as the one in memory; a rule has one of its own.
 */
final class BrokenTransport implements PollableTransport {
    /** What the threads that are left behind wait for: the end of the test of the kit. */
    static final CountDownLatch OVER = new CountDownLatch(1);

    final Fault fault;
    final AtomicBoolean begunAtClose = new AtomicBoolean(); // set by who closes within a frame
    final Semaphore accepted = new Semaphore(0); // one for each that was accepted, T47
    final Set<Object> told = // whose readiness was told, and who was not polled since, T34
            Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
    final AtomicBoolean unreadAtClose = new AtomicBoolean(); // set by who closes with something unread, T30
    private final MemoryTransport transport = new MemoryTransport();
    private final Set<Address> closed = new HashSet<>(); // JUnit's thread
    private @Nullable Address last; // JUnit's thread
    private int fresh; // JUnit's thread

    BrokenTransport(Fault fault) {
        this.fault = fault;
    }

    /** A time limit, kept or not. */
    static Duration shortened(Duration wait, boolean early) {
        return early && millis(wait) < 100 ? Duration.ZERO : wait;
    }

    /** A limit in milliseconds; a long one is some hundred years. */
    static long millis(Duration wait) {
        return wait.toDays() > 36_500 ? Long.MAX_VALUE / 1_000_000 : wait.toMillis();
    }

    /** Waits as one does who was not woken: until an interrupt, by which the rule that found it ends this thread. */
    static void sleepOn() {
        boolean asleep = true;
        while (asleep) {
            try {
                OVER.await();
                asleep = false;
            } catch (InterruptedException e) {
                asleep = false;
            }
        }
    }

    @Override
    public String scheme() {
        return transport.scheme();
    }

    @Override
    public int priority() {
        return transport.priority();
    }

    @Override
    public Address freshAddress() {
        Address before = last;
        if (fault == Fault.T17_GIVES_A_FRESH_ADDRESS_TWICE && before != null && ++fresh % 10 == 0) {
            return before;
        }
        Address address = transport.freshAddress();
        last = address;
        return address;
    }

    @Override
    public Listener listen(Address address) throws IOException {
        if (closed.contains(address)) {
            throw new IOException("address in use: " + address);
        }
        try {
            return new BrokenListener(transport.listen(known(address)));
        } catch (IOException e) {
            throw fault == Fault.T15_DOES_NOT_NAME_A_LIVE_ADDRESS ? new IOException("address in use", e) : e;
        }
    }

    @Override
    public PollableConnection connect(Address address, Duration wait) throws IOException {
        boolean impatient =
                fault == Fault.T08_CONNECT_DOES_NOT_WAIT_FOR_ITS_LISTENER && millis(wait) >= 100 && wait.toHours() == 0;
        Duration limit = impatient ? Duration.ZERO : shortened(wait, fault == Fault.T07_CONNECT_GIVES_UP_EARLY);
        BrokenConnection connection = new BrokenConnection(this, transport.connect(known(address), limit));
        if (fault == Fault.T47_CONNECT_WAITS_FOR_ACCEPT) {
            awaitAccept(connection);
        }
        return connection;
    }

    private void awaitAccept(BrokenConnection connection) throws IOException {
        try {
            if (!accepted.tryAcquire(Eventually.limit().toMillis(), TimeUnit.MILLISECONDS)) {
                connection.close();
                throw new ConnectException("nobody accepts");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    /** An address without the options that nobody knows, if this transport passes over them. */
    private Address known(Address address) {
        return fault == Fault.T48_TAKES_ANY_OPTION
                ? new Address(address.scheme(), address.target(), Map.of())
                : address;
    }

    @Override
    public WaitSet openWaitSet() {
        return new BrokenWaitSet(this, transport.openWaitSet());
    }

    /**
     * A listener with the fault of its transport.
     *
     * <p><b>Threads:</b> as {@link Listener} says.
     */
    final class BrokenListener implements Listener {
        final Listener listener;
        private int accepted;

        BrokenListener(Listener listener) {
            this.listener = listener;
        }

        @Override
        public Address address() {
            return listener.address();
        }

        @Override
        public @Nullable BrokenConnection accept(Duration wait) throws IOException {
            PollableConnection connection;
            try {
                connection =
                        (PollableConnection) listener.accept(shortened(wait, fault == Fault.T06_ACCEPT_RETURNS_EARLY));
            } catch (IOException e) {
                if (fault == Fault.T13_CLOSE_LEAVES_WHO_ACCEPTS && wait.toHours() > 0) {
                    sleepOn();
                }
                throw e;
            }
            if (fault == Fault.T23_ACCEPT_CLEARS_THE_INTERRUPT_FLAG) {
                Thread.interrupted();
            }
            if (connection == null) {
                return null;
            }
            BrokenTransport.this.accepted.release();
            if (fault == Fault.T18_ACCEPTS_64_CLIENTS && ++accepted > 64) {
                connection.close();
                throw new IOException("too many clients");
            }
            if (fault == Fault.T24_LEAVES_A_THREAD) {
                Thread thread = new Thread(BrokenTransport::sleepOn, "left behind");
                thread.setDaemon(true);
                thread.start();
            }
            return new BrokenConnection(BrokenTransport.this, connection);
        }

        @Override
        public void close() {
            listener.close();
            if (fault == Fault.T16_KEEPS_THE_ADDRESS_OF_A_CLOSED_LISTENER) {
                closed.add(address());
            }
        }
    }
}
