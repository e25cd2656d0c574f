// SPDX-License-Identifier: Apache-2.0
package org.processional.tck.memory;

import java.util.List;
import java.util.Optional;
import org.processional.spi.Transport;
import org.processional.tck.TransportRules;

/** The rules over the transport in memory that cannot be polled. */
class PlainMemoryTransportTest extends TransportRules {
    @Override
    protected Transport transport() {
        return new PlainMemoryTransport();
    }

    @Override
    protected Optional<List<String>> otherJvm() {
        return Optional.empty(); // it does not leave this JVM
    }
}
