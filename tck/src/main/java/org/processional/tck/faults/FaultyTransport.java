// SPDX-License-Identifier: Apache-2.0
package org.processional.tck.faults;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.processional.spi.Address;
import org.processional.spi.Connection;
import org.processional.spi.Listener;
import org.processional.spi.PollableConnection;
import org.processional.spi.PollableTransport;
import org.processional.spi.Providers;
import org.processional.spi.Transport;
import org.processional.spi.WaitSet;

/**
 * A transport that wraps another, and spoils connections as their addresses say: {@code faulty-mem:name?fault=cut-out-17-0}
 * is {@code mem:name} with a {@link Fault}. It listens as the other one does.
 *
 * <p><b>Threads:</b> as {@link Transport} says.
 *
 * @since 0.1
 */
public class FaultyTransport implements Transport {
    private static final String OPTION = "fault";

    private final String over;
    private volatile @Nullable Transport inner; // found once: that takes longer than a connection

    /** Wraps a transport that cannot be polled, by its scheme. */
    public FaultyTransport(String over) {
        this.over = over;
    }

    /** The transport that is wrapped. */
    final Transport inner() {
        Transport known = inner;
        if (known == null) {
            known = find();
            inner = known;
        }
        return known;
    }

    private Transport find() {
        for (Transport transport : Providers.find(Transport.class).providers()) {
            if (transport.scheme().equals(over)) {
                return transport;
            }
        }
        throw new IllegalStateException("no transport " + over + " on the path");
    }

    @Override
    public final String scheme() {
        return "faulty-" + over;
    }

    @Override
    public final int priority() {
        return -100; // by explicit address only
    }

    @Override
    public final Address freshAddress() throws IOException {
        Address fresh = inner().freshAddress();
        return new Address(scheme(), fresh.target(), fresh.options());
    }

    private Address inside(Address address) {
        Map<String, String> options = new LinkedHashMap<>(address.options());
        options.remove(OPTION);
        return new Address(over, address.target(), options);
    }

    @Override
    public final Listener listen(Address address) throws IOException {
        Listener listener = inner().listen(inside(address));
        return new FaultyListener(
                listener, new Address(scheme(), listener.address().target(), address.options()));
    }

    @Override
    public final Connection connect(Address address, Duration wait) throws IOException {
        String fault = address.options().get(OPTION);
        Connection connection = inner().connect(inside(address), wait);
        return fault == null ? connection : FaultyConnection.around(connection, Fault.parse(fault));
    }

    /** One that can be polled, as what it wraps. */
    public static class Pollable extends FaultyTransport implements PollableTransport {
        /** Wraps a transport that can be polled, by its scheme. */
        public Pollable(String over) {
            super(over);
        }

        @Override
        public final WaitSet openWaitSet() throws IOException {
            return new FaultyWaitSet(((PollableTransport) inner()).openWaitSet());
        }
    }

    /** Over the transport in memory. */
    public static final class OverMemory extends Pollable {
        /** For the service loader. */
        public OverMemory() {
            super("mem");
        }
    }

    /** Over the transport in memory that cannot be polled. */
    public static final class OverPlainMemory extends FaultyTransport {
        /** For the service loader. */
        public OverPlainMemory() {
            super("mem-plain");
        }
    }

    /** The listener of the other transport, by an address of this one. */
    record FaultyListener(Listener inner, @Override Address address) implements Listener {
        @Override
        public @Nullable Connection accept(Duration wait) throws IOException {
            return inner.accept(wait);
        }

        @Override
        public void close() {
            inner.close();
        }
    }

    /** A wait set of the other transport, for its connections as they are, and wrapped. */
    private record FaultyWaitSet(WaitSet inner) implements WaitSet {
        private static PollableConnection inside(PollableConnection connection) {
            return connection instanceof FaultyConnection faulty ? (PollableConnection) faulty.inner : connection;
        }

        @Override
        public void add(PollableConnection connection) throws IOException {
            inner.add(inside(connection));
        }

        @Override
        public void add(Listener listener) throws IOException {
            inner.add(listener instanceof FaultyListener faulty ? faulty.inner() : listener);
        }

        @Override
        public void remove(PollableConnection connection) {
            inner.remove(inside(connection));
        }

        @Override
        public void writable(PollableConnection connection, boolean wanted) {
            inner.writable(inside(connection), wanted);
        }

        @Override
        public boolean attended(PollableConnection connection) {
            return inner.attended(inside(connection));
        }

        @Override
        public void unattended(PollableConnection connection) {
            inner.unattended(inside(connection));
        }

        @Override
        public void await(long nanos) throws IOException {
            inner.await(nanos);
        }

        @Override
        public boolean isReady(Object member) {
            Object inside = member;
            if (member instanceof PollableConnection connection) {
                inside = inside(connection);
            } else if (member instanceof FaultyListener listener) {
                inside = listener.inner();
            }
            return inner.isReady(inside);
        }

        @Override
        public void wakeUp() {
            inner.wakeUp();
        }

        @Override
        public void close() {
            inner.close();
        }
    }
}
