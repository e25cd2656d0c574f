// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.tcp;

import java.io.IOException;
import org.processional.spi.Address;

/** Reads addresses as the transport does. */
public final class TcpAddresses {
    private TcpAddresses() {}

    /**
     * Reads an address.
     *
     * @throws IOException if it is none
     */
    public static void read(Address address) throws IOException {
        TcpAddress.of(address);
    }
}
