// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.shm;

import java.io.IOException;
import java.time.Duration;
import org.processional.spi.Address;
import org.processional.spi.Connection;
import org.processional.spi.Listener;
import org.processional.spi.Transport;

/** Reads addresses as the transport does. */
public final class ShmAddresses {
    private ShmAddresses() {}

    /** Has sockets of names in one place, and opens none. */
    private static final Transport SOCKETS = new Transport() {
        @Override
        public String scheme() {
            return "unix";
        }

        @Override
        public int priority() {
            return 0;
        }

        @Override
        public Address freshAddress() {
            return Address.parse("unix:/tmp/processional/socket");
        }

        @Override
        public Listener listen(Address address) throws IOException {
            throw new IOException("nothing is opened here");
        }

        @Override
        public Connection connect(Address address, Duration wait) throws IOException {
            throw new IOException("nothing is opened here");
        }
    };

    /**
     * Reads an address.
     *
     * @throws IOException if it is none
     */
    public static void read(Address address) throws IOException {
        ShmAddress.of(address, SOCKETS);
    }
}
