// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.processional.WaitInterruptedException;
import org.processional.engine.Complaints;
import org.processional.engine.Log;
import org.processional.engine.peer.Handshake;
import org.processional.engine.peer.Peer;
import org.processional.engine.peer.Service;
import org.processional.engine.task.Daemons;
import org.processional.engine.task.Durations;
import org.processional.spi.Connection;
import org.processional.spi.Listener;

/**
 * Accepts the clients of a server, and has them greeted beside it.
 *
 * <p><b>Threads:</b> one thread accepts; the rest from any.
 */
final class Acceptor implements AutoCloseable {
    private static final Duration LONG = Duration.ofHours(1);

    /** What the system lacks, descriptors for example, it may have again soon. */
    private static final long PAUSE_NANOS = 50_000_000;

    private static final long LONG_PAUSE_NANOS = 2_000_000_000;
    private static final int MANY_FAILURES = 1200; // a minute long

    private final Listener listener;
    private final Service service;
    private final Handshake.Terms terms;
    private final Greetings greetings;
    private final Complaints complaints = new Complaints();
    private final CountDownLatch first = new CountDownLatch(1); // somebody was taken
    private final Thread thread;
    private volatile boolean closed; // written by close

    Acceptor(Listener listener, Service service, Handshake.Terms terms, String name) {
        this.listener = listener;
        this.service = service;
        this.terms = terms;
        this.greetings = new Greetings(
                new Greetings.Host() {
                    @Override
                    public @Nullable Peer greet(Connection connection) {
                        return welcome(connection);
                    }

                    @Override
                    public void begin(Peer peer) {
                        serve(peer);
                    }
                },
                terms.strangers());
        this.thread = Daemons.make("processional-acceptor-" + name, new Runnable() {
            @Override
            public void run() {
                acceptAll();
            }
        });
        thread.setContextClassLoader(Thread.currentThread().getContextClassLoader()); // of who serves
    }

    void start() {
        thread.start();
    }

    /** Waits until a client was taken; false if the time is up. */
    boolean awaitFirst(Duration limit) {
        try {
            return first.await(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WaitInterruptedException("interrupted while waiting for the first client", e);
        }
    }

    /** Does something if no client has come in time. */
    void endIfNobodyComes(Duration limit, Runnable end) {
        Thread waiter = Daemons.make("processional-first-client", new Runnable() {
            @Override
            public void run() {
                if (!awaitFirst(limit)) {
                    Log.engine().warn("no client connected within {}; the server ends", limit);
                    end.run();
                }
            }
        });
        waiter.start();
    }

    private void acceptAll() {
        int failures = 0; // in a row
        while (!closed) {
            try {
                acceptOne();
                failures = 0;
            } catch (IOException | RuntimeException | Error e) { // no descriptors or no memory, which may come back
                failures++;
                LockSupport.parkNanos(this, failures < MANY_FAILURES ? PAUSE_NANOS : LONG_PAUSE_NANOS);
                tell(failures, e);
            }
        }
    }

    private void acceptOne() throws IOException {
        Connection connection = listener.accept(LONG);
        Thread.interrupted(); // nobody has a reason to interrupt the acceptor
        if (connection != null) {
            greetings.admit(connection);
        }
    }

    private void tell(int failures, Throwable why) {
        try {
            failed(failures, why);
        } catch (RuntimeException | Error e) {
            // no memory for a line either: what matters is to go on
        }
    }

    private void failed(int failures, Throwable why) {
        if (failures == MANY_FAILURES && !closed) {
            Log.engine()
                    .error(
                            "nobody can connect: accepting clients at {} failed {} times in a row; it is tried again",
                            listener.address(),
                            failures,
                            why);
        } else {
            complain("accepting a client at " + listener.address() + " failed", why);
        }
    }

    private @Nullable Peer welcome(Connection connection) {
        try {
            return service.welcome(
                    connection, terms, Durations.cut(service.policy().limits().greeting()));
        } catch (IOException | RuntimeException e) {
            complain("a client was not taken", e);
            return null;
        }
    }

    private void serve(Peer peer) {
        try {
            service.begin(peer);
            if (peer.partner().role() != Handshake.Role.VISITOR) {
                first.countDown();
            }
        } catch (IOException | RuntimeException | Error e) {
            complain("a client was not taken", e);
        }
    }

    private void complain(String what, Throwable why) {
        String more = closed ? null : complaints.admit();
        if (more == null) {
            return;
        }
        if (terms.strangers()) {
            Log.engine().warn("{}: {}{}", what, why.getMessage(), more);
        } else {
            Log.engine().info("{}: {}{}", what, why.getMessage(), more);
        }
    }

    @Override
    public void close() {
        closed = true;
        listener.close();
        greetings.close();
    }
}
