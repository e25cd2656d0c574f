// SPDX-License-Identifier: Apache-2.0
package org.processional.tck.memory;

import org.processional.spi.PollableTransport;

/** The rules in stormy weather. */
class StormyMemoryTransportTest extends MemoryTransportTest {
    @Override
    protected PollableTransport transport() {
        long seed = SEED.incrementAndGet();
        System.out.println("seed " + seed);
        return new MemoryTransport(Weather.storm(seed));
    }
}
