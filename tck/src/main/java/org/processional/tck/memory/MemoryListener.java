// SPDX-License-Identifier: Apache-2.0
package org.processional.tck.memory;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.processional.spi.Address;
import org.processional.spi.Listener;

/**
 * A queue of connections that nobody has accepted.
 *
 * <p><b>Threads:</b> as {@link Listener} says; {@code connect} from any thread.
 */
final class MemoryListener implements Listener {
    private final Address address;
    private final Weather weather;
    private final CopyOnWriteArrayList<Bell> watchers = new CopyOnWriteArrayList<>();
    private final Deque<MemoryConnection> waiting = new ArrayDeque<>(); // guarded by this
    private boolean closed; // guarded by this
    private int count; // guarded by this

    MemoryListener(Address address, Weather weather) {
        this.address = address;
        this.weather = weather;
    }

    @Override
    public Address address() {
        return address;
    }

    /** Makes a connection; null if the listener is closed. */
    @Nullable
    MemoryConnection connect(Weather ofClient) {
        MemoryConnection client;
        synchronized (this) {
            if (closed) {
                return null;
            }
            count++;
            Pipe there = new Pipe();
            Pipe back = new Pipe();
            client = new MemoryConnection(back, there, ofClient, address.toString(), 2L * count);
            waiting.add(
                    new MemoryConnection(there, back, weather, "client " + count + " of " + address, 2L * count + 1));
        }
        watchers.forEach(Bell::ring);
        return client;
    }

    private synchronized @Nullable MemoryConnection next() throws IOException {
        if (closed) {
            throw new IOException("the listener at " + address + " is closed");
        }
        return waiting.poll();
    }

    @Override
    public @Nullable MemoryConnection accept(Duration wait) throws IOException {
        MemoryConnection connection = next();
        if (connection != null || wait.isZero() || wait.isNegative()) {
            return connection;
        }
        Bell bell = new Bell();
        watchers.add(bell);
        try {
            MemoryClock clock = weather.clock();
            long deadline = clock.nanos() + MemoryConnection.nanos(wait);
            while (true) {
                connection = next();
                long left = deadline - clock.nanos();
                if (connection != null || left <= 0) {
                    return connection;
                }
                clock.await(bell, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } finally {
            watchers.remove(bell);
        }
    }

    void watch(Bell bell) {
        watchers.add(bell);
    }

    void unwatch(Bell bell) {
        watchers.remove(bell);
    }

    synchronized boolean isClosed() {
        return closed;
    }

    synchronized boolean isReady() {
        return closed || !waiting.isEmpty();
    }

    @Override
    public void close() {
        Deque<MemoryConnection> unheard;
        synchronized (this) {
            closed = true;
            unheard = new ArrayDeque<>(waiting);
            waiting.clear();
        }
        MemoryTransport.forget(this);
        unheard.forEach(MemoryConnection::close);
        watchers.forEach(Bell::ring);
    }

    @Override
    public String toString() {
        return "listener at " + address;
    }
}
