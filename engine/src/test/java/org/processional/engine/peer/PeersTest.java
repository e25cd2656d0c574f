// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.Waiting;
import org.processional.engine.task.SpinBudget;
import org.processional.spi.InputFilter;
import org.processional.spi.PollableTransport;
import org.processional.spi.WaitSet;
import org.processional.tck.JavaCodec;
import org.processional.tck.memory.MemoryTransport;
import org.processional.tck.memory.Weather;

/** The open connections of this process. */
@Timeout(60)
class PeersTest {
    private static final Handshake.Terms TERMS =
            new Handshake.Terms("", 16, List.of(new JavaCodec()), false, InputFilter.none());

    /** A transport whose wait sets have no room. */
    private static PollableTransport full() {
        MemoryTransport transport = new MemoryTransport(Weather.CALM);
        WaitSet set = transport.openWaitSet();
        WaitSet full = (WaitSet) Proxy.newProxyInstance(
                PeersTest.class.getClassLoader(), new Class<?>[] {WaitSet.class}, (self, method, arguments) -> {
                    if (method.getName().equals("add")) {
                        throw new IOException("no more descriptors");
                    }
                    return method.invoke(set, arguments);
                });
        return (PollableTransport) Proxy.newProxyInstance(
                PeersTest.class.getClassLoader(),
                new Class<?>[] {PollableTransport.class},
                (self, method, arguments) ->
                        method.getName().equals("openWaitSet") ? full : method.invoke(transport, arguments));
    }

    @Test
    void aConnectionThatCouldNotBeginIsNone() throws Exception {
        try (MemoryPair pair = MemoryPair.open(Weather.CALM);
                Reading reading = new Reading(full(), new SpinBudget(Waiting.PARK))) {
            CompletableFuture<Void> server = CompletableFuture.runAsync(() -> {
                try {
                    Handshake.Partner partner = Handshake.accept(pair.server(), TERMS, MemoryPair.LONG, null);
                    Handshake.welcome(pair.server(), TERMS, partner);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThatThrownBy(() -> OutgoingPeer.connect(
                            pair.client(),
                            reading,
                            TERMS,
                            MemoryPair.LONG,
                            (peer, why) -> why,
                            new CodeOffer(CodeOffer.Policy.NONE)))
                    .isInstanceOf(IOException.class)
                    .hasMessage("no more descriptors");
            server.join();
            // else proxies of the same process would be sought there
            assertThat(Peers.all()).noneMatch(peer -> peer.connection() == pair.client());
        }
    }
}
