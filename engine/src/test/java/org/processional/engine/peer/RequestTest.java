// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.Limits;
import org.processional.SlaveClosedException;
import org.processional.Waiting;
import org.processional.engine.task.SpinBudget;
import org.processional.spi.InputFilter;
import org.processional.tck.JavaCodec;
import org.processional.tck.memory.MemoryTransport;
import org.processional.tck.memory.Weather;

@Timeout(60)
class RequestTest {
    @Test
    void whatWasCancelledOnItsWayHomeIsNotCountedOnceMore() throws Exception {
        SpinBudget none = new SpinBudget(Waiting.PARK);
        try (MemoryPair pair = MemoryPair.open(Weather.CALM);
                Reading reading = new Reading(new MemoryTransport(Weather.CALM), none)) {
            Policy policy = Policy.of(false, InputFilter.none(), Limits.defaults());
            Service service = new Service(reading, new NoOwner(), none, policy);
            Handshake.Partner partner = new Handshake.Partner("test", 1, 1, new JavaCodec(), 0, false);
            Peer peer = new Peer(pair.server(), reading, service, partner);
            Request request =
                    new Request(peer, service, Frames.INVOKE, Frames.AWAITED, 1, 1, ByteBuffer.allocate(8), null);

            service.beside(request); // for the thread of its chain, which leaves
            assertThat(service.load().running()).isEqualTo(1);
            request.refuse(new SlaveClosedException("refused")); // as a cancel that comes meanwhile does
            assertThat(service.load().running()).isZero();
            service.beside(request); // at home

            assertThat(service.load().running()).isZero();
        }
    }
}
