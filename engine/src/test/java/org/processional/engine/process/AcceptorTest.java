// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.processional.Processional.client;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.ClientOptions;
import org.processional.Limits;
import org.processional.SlaveProcess;
import org.processional.Waiting;
import org.processional.engine.peer.Handshake;
import org.processional.engine.peer.NoOwner;
import org.processional.engine.peer.Policy;
import org.processional.engine.peer.Reading;
import org.processional.engine.peer.Service;
import org.processional.engine.task.SpinBudget;
import org.processional.spi.Address;
import org.processional.spi.Connection;
import org.processional.spi.InputFilter;
import org.processional.spi.Listener;
import org.processional.tck.JavaCodec;
import org.processional.tck.memory.MemoryTransport;

@Timeout(60)
class AcceptorTest {
    /** A listener that fails a few times first. */
    private record Failing(Listener then, Queue<Throwable> failures) implements Listener {
        @Override
        public @Nullable Connection accept(Duration wait) throws IOException {
            Throwable next = failures.poll();
            if (next instanceof IOException e) {
                throw e;
            } else if (next instanceof RuntimeException e) {
                throw e;
            } else if (next instanceof Error e) {
                throw e;
            }
            return then.accept(wait);
        }

        @Override
        public Address address() {
            return then.address();
        }

        @Override
        public void close() {
            then.close();
        }
    }

    @Test
    void acceptingGoesOnBehindFailuresOfAnyKind() throws IOException {
        MemoryTransport transport = new MemoryTransport();
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>(List.of(
                new IOException("no descriptors"),
                new IllegalStateException("of a transport that others wrote"),
                new OutOfMemoryError("no direct memory")));
        SpinBudget none = new SpinBudget(Waiting.PARK);
        try (Reading reading = new Reading(transport, none)) {
            Service service =
                    new Service(reading, new NoOwner(), none, Policy.of(false, InputFilter.none(), Limits.defaults()));
            Handshake.Terms terms = new Handshake.Terms("", 16, List.of(new JavaCodec()), false, InputFilter.none());
            Listener listener = new Failing(transport.listen(transport.freshAddress()), failures);
            ClientOptions java = ClientOptions.builder().codec("java").build();
            try (Acceptor acceptor = new Acceptor(listener, service, terms, "test")) {
                acceptor.start();
                try (SlaveProcess client = client(listener.address().toString(), java)) {
                    assertThat(client.status().clients()).isEqualTo(1);
                }
            }
            assertThat(failures).isEmpty();
        }
    }
}
