// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.Limits;
import org.processional.Waiting;
import org.processional.engine.task.SpinBudget;
import org.processional.spi.Address;
import org.processional.spi.InputFilter;
import org.processional.spi.Listener;
import org.processional.spi.PollableConnection;
import org.processional.spi.PollableTransport;
import org.processional.spi.WaitSet;
import org.processional.tck.JavaCodec;
import org.processional.tck.memory.MemoryTransport;
import org.processional.tck.memory.Weather;

/** Who reads takes over from the deputy, also what the deputy was told and nobody is told again. */
@Timeout(60)
class ReadingTest {
    private static final Duration LONG = Duration.ofSeconds(10);

    /** A wait set whose deputy, once it was told of something, leaves when somebody wakes it; that wake-up is gone with it. */
    private static final class Gate implements WaitSet {
        private final WaitSet set;
        private final CountDownLatch told = new CountDownLatch(1);
        private final CountDownLatch woken = new CountDownLatch(1);
        volatile boolean closing;
        private volatile Thread resting; // in a wait without end

        Gate(WaitSet set) {
            this.set = set;
        }

        @Override
        public void await(long nanos) throws IOException {
            boolean rests = nanos == Long.MAX_VALUE && told.getCount() > 0;
            resting = rests ? Thread.currentThread() : null;
            set.await(nanos);
            if (rests && closing) {
                told.countDown();
                try {
                    assertThat(woken.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        boolean isDeputyAtRest() {
            Thread deputy = resting;
            return deputy != null && deputy.getState() == Thread.State.WAITING;
        }

        @Override
        public void wakeUp() {
            if (told.getCount() == 0 && woken.getCount() > 0) {
                woken.countDown();
            } else {
                set.wakeUp();
            }
        }

        @Override
        public void add(PollableConnection connection) throws IOException {
            set.add(connection);
        }

        @Override
        public void add(Listener listener) throws IOException {
            set.add(listener);
        }

        @Override
        public void remove(PollableConnection connection) {
            set.remove(connection);
        }

        @Override
        public void writable(PollableConnection connection, boolean wanted) {
            set.writable(connection, wanted);
        }

        @Override
        public boolean isReady(Object member) {
            return set.isReady(member);
        }

        @Override
        public void close() {
            set.close();
        }
    }

    @Test
    void theEndThatTheDeputyWasToldOfIsFoundByWhoTakesTheRoleFromIt() throws Exception {
        try (MemoryPair pair = MemoryPair.open(Weather.CALM)) {
            Gate gate = new Gate(new MemoryTransport(Weather.CALM).openWaitSet());
            SpinBudget none = new SpinBudget(Waiting.PARK);
            try (Reading reading = new Reading(new OneGate(gate), none)) {
                Policy policy = Policy.of(false, InputFilter.none(), Limits.defaults());
                Service service = new Service(reading, new NoOwner(), none, policy);
                Handshake.Partner partner =
                        new Handshake.Partner("test", 1, 1, new JavaCodec(), 0, Handshake.Role.CLIENT);
                Peer peer = new Peer(pair.client(), reading, service, partner);
                peer.start();
                await().until(gate::isDeputyAtRest);
                gate.closing = true;
                pair.client().close(); // by the transport, as far as the engine knows
                assertThat(gate.told.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();

                CompletableFuture<Boolean> ended = CompletableFuture.supplyAsync(() -> {
                    try {
                        return reading.awaitOrRead(() -> !peer.isOpen(), false, false, 0);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });

                assertThat(ended.get(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    /** A transport that has a wait set and nothing else. */
    private record OneGate(Gate gate) implements PollableTransport {
        @Override
        public WaitSet openWaitSet() {
            return gate;
        }

        @Override
        public String scheme() {
            return "gate";
        }

        @Override
        public int priority() {
            return 0;
        }

        @Override
        public Address freshAddress() {
            throw new UnsupportedOperationException("it has a wait set alone");
        }

        @Override
        public Listener listen(Address address) {
            throw new UnsupportedOperationException("it has a wait set alone");
        }

        @Override
        public PollableConnection connect(Address address, Duration wait) {
            throw new UnsupportedOperationException("it has a wait set alone");
        }
    }
}
