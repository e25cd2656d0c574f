// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.processional.engine.Log;
import org.processional.engine.peer.Handshake;
import org.processional.engine.peer.Service;
import org.processional.engine.task.Completions;
import org.processional.spi.Connection;
import org.processional.spi.Listener;

/**
 * Accepts the clients of a server. Each is greeted in a thread of its own, so that a slow one holds up nobody.
 *
 * <p><b>Threads:</b> one thread accepts; {@code close} from any.
 */
final class Acceptor implements AutoCloseable {
    /** How long a client may take for its greeting. */
    private static final Duration GREETING = Duration.ofSeconds(10);

    private static final Duration LONG = Duration.ofHours(1);

    private final Listener listener;
    private final Service service;
    private final Handshake.Terms terms;
    private final Thread thread;
    private volatile boolean closed; // written by close
    private volatile boolean anybodyCame; // written by who greets

    Acceptor(Listener listener, Service service, Handshake.Terms terms, String name) {
        this.listener = listener;
        this.service = service;
        this.terms = terms;
        this.thread = new Thread("processional-acceptor-" + name) {
            @Override
            public void run() {
                acceptAll();
            }
        };
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Does something if no client has come in time. */
    void endIfNobodyComes(Duration limit, Runnable end) {
        Thread waiter = new Thread("processional-first-client") {
            @Override
            public void run() {
                try {
                    Thread.sleep(limit.toMillis());
                } catch (InterruptedException e) {
                    return;
                }
                if (!anybodyCame) {
                    Log.engine().warn("no client connected within {}; the server ends", limit);
                    end.run();
                }
            }
        };
        waiter.setDaemon(true);
        waiter.start();
    }

    private void acceptAll() {
        while (!closed) {
            @Nullable Connection connection;
            try {
                connection = listener.accept(LONG);
            } catch (IOException e) {
                if (!closed) {
                    Log.engine().error("accepting clients at " + listener.address() + " failed; nobody can connect", e);
                }
                return;
            }
            Thread.interrupted(); // nobody has a reason to interrupt the acceptor
            if (connection != null) {
                Completions.run(() -> greet(connection));
            }
        }
    }

    private void greet(Connection connection) {
        try {
            service.welcome(connection, terms, GREETING, null);
            anybodyCame = true;
        } catch (IOException | RuntimeException e) {
            Log.engine().info("a client was not taken: {}", e.toString());
        }
    }

    @Override
    public void close() {
        closed = true;
        listener.close();
    }
}
