// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.tcp;

import org.processional.spi.PollableTransport;
import org.processional.tck.PollableTransportRules;

/** The rules of transports, in the clear: with TLS, nobody sends before the other end takes part. */
class TcpTransportRulesTest extends PollableTransportRules {
    @Override
    protected PollableTransport transport() {
        return new TcpTransport();
    }

    @Override
    protected int rounds(int full) {
        return Rounds.of(full);
    }
}
