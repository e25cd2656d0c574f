// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.processional.spi.Address;
import org.processional.spi.Connection;
import org.processional.spi.Listener;
import org.processional.spi.Providers;
import org.processional.spi.Transport;

/** Transports for the tests of the choice among them, by scheme; the last one works. */
public abstract class FakeTransport implements Transport {
    private final String scheme;
    private final int priority;

    FakeTransport(String scheme, int priority) {
        this.scheme = scheme;
        this.priority = priority;
    }

    @Override
    public final String scheme() {
        return scheme;
    }

    @Override
    public final int priority() {
        return priority;
    }

    @Override
    public Address freshAddress() throws IOException {
        throw new IOException("asked for an address");
    }

    @Override
    public Listener listen(Address address) throws IOException {
        throw new IOException("asked to listen");
    }

    @Override
    public Connection connect(Address address, Duration wait) throws IOException {
        throw new IOException("asked to connect");
    }

    /** Says that it cannot be used. */
    public static final class Absent extends FakeTransport {
        public Absent() {
            super("absent", 300);
        }

        @Override
        public Optional<String> unavailable() {
            return Optional.of("no room for it");
        }
    }

    /** Has no address to give. */
    public static final class Full extends FakeTransport {
        public Full() {
            super("full", 200);
        }
    }

    /** Throws what it must not. */
    public static final class Broken extends FakeTransport {
        public Broken() {
            super("broken", 150);
        }

        @Override
        public Optional<String> unavailable() {
            throw new IllegalStateException("broken by design");
        }
    }

    /** For explicit addresses only. */
    public static final class Shy extends FakeTransport {
        public Shy() {
            super("shy", -1);
        }
    }

    /** Works over {@code unix}, with a reader thread for each connection. */
    public static final class Mirror extends FakeTransport {
        public Mirror() {
            super("mirror", 50);
        }

        private static Transport unix() {
            for (Transport transport : Providers.find(Transport.class).providers()) {
                if (transport.scheme().equals("unix")) {
                    return transport;
                }
            }
            throw new IllegalStateException("no transport unix to mirror");
        }

        private static Address there(Address address) {
            return new Address("unix", address.target(), address.options());
        }

        @Override
        public Address freshAddress() throws IOException {
            Address address = unix().freshAddress();
            return new Address("mirror", address.target(), address.options());
        }

        @Override
        public Listener listen(Address address) throws IOException {
            return unix().listen(there(address));
        }

        @Override
        public Connection connect(Address address, Duration wait) throws IOException {
            return unix().connect(there(address), wait);
        }
    }
}
