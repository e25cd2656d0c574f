// SPDX-License-Identifier: Apache-2.0
package org.processional.tck.memory;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.processional.spi.PollableTransport;
import org.processional.tck.PollableTransportRules;

/** The rules over the transport in memory in calm weather; the other weathers extend it. */
class MemoryTransportTest extends PollableTransportRules {
    static final AtomicLong SEED = new AtomicLong(Long.getLong("processional.seed", System.nanoTime()));

    @Override
    protected PollableTransport transport() {
        return new MemoryTransport();
    }

    @Override
    protected Optional<List<String>> otherJvm() {
        return Optional.empty(); // it does not leave this JVM
    }
}
