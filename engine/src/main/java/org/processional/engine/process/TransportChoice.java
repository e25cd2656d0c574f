// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.processional.ConnectionException;
import org.processional.ProviderException;
import org.processional.SlaveOptions;
import org.processional.engine.Log;
import org.processional.spi.Address;
import org.processional.spi.Transport;

/**
 * Which transport a process that is about to be started listens with, and where. The user's word comes first: the
 * address, the option {@code transport}, the system property {@code processional.transport}. Where there is none, the
 * best transport is taken that can make an address here.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param transport the transport
 * @param address where to listen
 */
record TransportChoice(Transport transport, Address address) {
    /** The system property that names a scheme. */
    private static final String PROPERTY = "processional.transport";

    /** Makes the choice for a slave or a server. */
    static TransportChoice of(SlaveOptions options) {
        if (options.address() != null) {
            Address address = Address.parse(options.address());
            return new TransportChoice(Services.transport(address), address);
        }
        String property = System.getProperty(PROPERTY);
        if (options.transport() != null) {
            return named(options.transport(), " of the option transport");
        } else if (property != null && !property.isBlank()) {
            return named(property, " of the system property " + PROPERTY);
        }
        return best(Services.transports());
    }

    private static TransportChoice named(String scheme, String where) {
        Transport transport = Services.transport(scheme, where);
        List<String> reasons = new ArrayList<>();
        Address address = freshAddress(transport, reasons);
        if (address == null) {
            throw new ConnectionException("no address for a slave" + where + ": " + reasons.get(0)
                    + "; leave it out to have the next best one");
        }
        Log.engine().debug("transport {}{}: {}", scheme, where, address);
        return new TransportChoice(transport, address);
    }

    private static TransportChoice best(List<Transport> all) {
        List<String> reasons = new ArrayList<>();
        for (Transport transport : all) {
            Address address = transport.priority() < 0 ? null : freshAddress(transport, reasons);
            if (address != null) {
                Log.engine().debug("transport {}: {}, not better ones: {}", transport.scheme(), address, reasons);
                return new TransportChoice(transport, address);
            }
        }
        if (reasons.isEmpty()) {
            throw Services.withFailures(
                    new ProviderException("no transport on the module path or class path; add module"
                            + " org.processional.transport.unix (artifact processional-transport-unix)"));
        }
        throw new ConnectionException("no transport can be used here: " + String.join("; ", reasons));
    }

    /** A fresh address; null, and one more reason, if the transport has none to give. */
    private static @Nullable Address freshAddress(Transport transport, List<String> reasons) {
        String reason;
        try {
            Optional<String> unavailable = transport.unavailable();
            if (unavailable.isEmpty()) {
                return transport.freshAddress();
            }
            reason = unavailable.get();
        } catch (IOException | RuntimeException e) { // a broken transport does not take the others down
            reason = e.getMessage() == null ? e.toString() : e.getMessage();
        }
        reasons.add(transport.scheme() + ": " + reason);
        return null;
    }
}
