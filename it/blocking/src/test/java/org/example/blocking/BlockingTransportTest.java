// SPDX-License-Identifier: Apache-2.0
package org.example.blocking;

import org.processional.spi.Transport;
import org.processional.tck.TransportRules;

/** What holds of every transport holds of this one. */
class BlockingTransportTest extends TransportRules {
    @Override
    protected Transport transport() {
        return new BlockingTransport();
    }
}
