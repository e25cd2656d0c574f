// SPDX-License-Identifier: Apache-2.0
package org.processional.tck.memory;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.processional.spi.Address;
import org.processional.spi.Listener;
import org.processional.spi.PollableConnection;
import org.processional.spi.PollableTransport;
import org.processional.spi.WaitSet;

/**
 * A transport within one JVM, made to be read, and to test what is above it: addresses {@code mem:name}. How it behaves
 * where the contract leaves it free is its {@link Weather}, given here or by the address.
 *
 * <p><b>Threads:</b> all methods from any thread. The names are those of the JVM, since the two ends of a connection
 * may have found transports of their own.
 *
 * @since 0.1
 */
public final class MemoryTransport implements PollableTransport {
    private static final Map<String, MemoryListener> LISTENERS = new ConcurrentHashMap<>();
    private static final CopyOnWriteArrayList<Bell> SEEKERS = new CopyOnWriteArrayList<>();
    private static final AtomicLong FRESH = new AtomicLong();

    private final Weather weather;

    /** For the service loader: calm weather. */
    public MemoryTransport() {
        this(Weather.CALM);
    }

    /** A transport in some weather. */
    public MemoryTransport(Weather weather) {
        this.weather = weather;
    }

    @Override
    public String scheme() {
        return "mem";
    }

    @Override
    public int priority() {
        return -100; // by explicit address only
    }

    @Override
    public Address freshAddress() {
        return new Address(scheme(), "fresh-" + FRESH.incrementAndGet(), Map.of());
    }

    @Override
    public Listener listen(Address address) throws IOException {
        MemoryListener listener = new MemoryListener(address, weather.of(address.options()));
        if (LISTENERS.putIfAbsent(address.target(), listener) != null) {
            throw new IOException("address in use: somebody listens at " + address
                    + " in this JVM; close that listener or choose another name");
        }
        SEEKERS.forEach(Bell::ring);
        return listener;
    }

    static void forget(MemoryListener listener) {
        LISTENERS.remove(listener.address().target(), listener);
    }

    @Override
    public PollableConnection connect(Address address, Duration wait) throws IOException {
        Weather own = weather.of(address.options());
        MemoryClock clock = own.clock();
        Bell bell = new Bell();
        SEEKERS.add(bell);
        try {
            long deadline = clock.nanos() + MemoryConnection.nanos(wait);
            while (true) {
                MemoryConnection connection = attempt(address, own);
                if (connection != null) {
                    return connection;
                }
                long left = deadline - clock.nanos();
                if (left <= 0) {
                    throw new ConnectException("nobody listens at " + address + " in this JVM; waited "
                            + wait.toMillis() + " ms; start the listener first, or give it more time");
                }
                clock.await(bell, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClosedByInterruptException();
        } finally {
            SEEKERS.remove(bell);
        }
    }

    private static @Nullable MemoryConnection attempt(Address address, Weather weather) {
        MemoryListener listener = LISTENERS.get(address.target());
        return listener == null ? null : listener.connect(weather);
    }

    @Override
    public WaitSet openWaitSet() {
        return new MemoryWaitSet(weather.clock());
    }
}
