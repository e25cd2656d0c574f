// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.unix;

import java.io.IOException;
import org.processional.spi.Address;

/** Reads addresses as the transport does. */
public final class UnixAddresses {
    private UnixAddresses() {}

    /**
     * Reads an address.
     *
     * @throws IOException if it is none
     */
    public static void read(Address address) throws IOException {
        SocketName.of(address);
    }
}
