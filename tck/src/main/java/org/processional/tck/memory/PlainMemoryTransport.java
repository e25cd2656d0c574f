// SPDX-License-Identifier: Apache-2.0
package org.processional.tck.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.processional.spi.Address;
import org.processional.spi.Connection;
import org.processional.spi.FrameHandler;
import org.processional.spi.LimitableConnection;
import org.processional.spi.Listener;
import org.processional.spi.Transport;

/**
 * The transport in memory as one that cannot be polled: addresses {@code mem-plain:name}. The engine gives each of its
 * connections a thread that reads.
 *
 * <p><b>Threads:</b> as {@link Transport} says.
 *
 * @since 0.1
 */
public final class PlainMemoryTransport implements Transport {
    private final MemoryTransport transport;

    /** For the service loader: calm weather. */
    public PlainMemoryTransport() {
        this(Weather.CALM);
    }

    /** A transport in some weather. */
    public PlainMemoryTransport(Weather weather) {
        transport = new MemoryTransport(weather);
    }

    @Override
    public String scheme() {
        return "mem-plain";
    }

    @Override
    public int priority() {
        return -100; // by explicit address only
    }

    @Override
    public Address freshAddress() {
        return plain(transport.freshAddress());
    }

    private Address plain(Address pollable) {
        return new Address(scheme(), pollable.target(), pollable.options());
    }

    private static Address pollable(Address plain) {
        return new Address("mem", plain.target(), plain.options());
    }

    @Override
    public Listener listen(Address address) throws IOException {
        Listener listener = transport.listen(pollable(address));
        return new Listener() {
            @Override
            public Address address() {
                return address;
            }

            @Override
            public @Nullable Connection accept(Duration wait) throws IOException {
                Connection connection = listener.accept(wait);
                return connection == null ? null : new Plain((MemoryConnection) connection);
            }

            @Override
            public void close() {
                listener.close();
            }
        };
    }

    @Override
    public Connection connect(Address address, Duration wait) throws IOException {
        return new Plain((MemoryConnection) transport.connect(pollable(address), wait));
    }

    /** A connection without the methods of those that can be polled. */
    private record Plain(MemoryConnection connection) implements LimitableConnection {
        @Override
        public void send(ByteBuffer frame) throws IOException {
            connection.send(frame);
        }

        @Override
        public void flush() throws IOException {
            connection.flush();
        }

        @Override
        public int receive(FrameHandler handler, Duration wait) throws IOException {
            return connection.receive(handler, wait);
        }

        @Override
        public void limitIncoming(int bytes) {
            connection.limitIncoming(bytes);
        }

        @Override
        public int maxFrameBytes() {
            return connection.maxFrameBytes();
        }

        @Override
        public String peer() {
            return connection.peer();
        }

        @Override
        public void close() {
            connection.close();
        }
    }
}
