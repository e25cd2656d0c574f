// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
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
    private final SpinBudget none = new SpinBudget(Waiting.PARK);
    private final MemoryPair pair = MemoryPair.open(Weather.CALM);
    private final Reading reading = new Reading(new MemoryTransport(Weather.CALM), none);
    private final Policy policy = Policy.of(false, InputFilter.none(), Limits.defaults());
    private final Service service = new Service(reading, new NoOwner(), none, policy);
    private final Handshake.Partner partner =
            new Handshake.Partner("test", 1, 1, new JavaCodec(), 0, Handshake.Role.CLIENT);
    private final Peer peer = new Peer(pair.server(), reading, service, partner);

    RequestTest() throws IOException {}

    @AfterEach
    void close() {
        reading.close();
        pair.close();
    }

    private Request request(int kind) {
        ByteBuffer body = ByteBuffer.allocate(16).putLong(1).putInt(1).flip();
        return new Request(peer, service, kind, Frames.AWAITED, 1, 1, body, null);
    }

    private static void refuse(Request request) { // as a cancel does that comes before it begins
        request.refuse(new SlaveClosedException("refused"));
    }

    @Test
    void whatWasCancelledOnItsWayHomeIsNotCountedOnceMore() {
        Request request = request(Frames.INVOKE);
        service.beside(request); // for the thread of its chain, which leaves
        assertThat(service.load().running()).isEqualTo(1);
        refuse(request);
        assertThat(service.load().running()).isZero();
        service.beside(request); // at home
        assertThat(service.load().running()).isZero();
    }

    @Test
    void whatTheMainThreadPassesIsCountedWhileAnotherRunsIt() {
        Request running = request(Frames.INVOKE);
        service.runsElsewhere(running);
        assertThat(service.load().running()).isEqualTo(1);
        refuse(running);
        assertThat(service.load().running()).isZero();

        Request over = request(Frames.INVOKE);
        refuse(over);
        service.runsElsewhere(over);
        assertThat(service.load().running()).isZero();
    }

    @Test
    void aLaneThatNeverEmptiesGoesNoDeeperIntoTheStack() throws Exception {
        ThreadLocal<Integer> depth = ThreadLocal.withInitial(() -> 0);
        AtomicInteger deepest = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(1);
        Lanes lanes = new Lanes(
                work -> { // in place
                    depth.set(depth.get() + 1);
                    deepest.accumulateAndGet(depth.get(), Math::max);
                    try {
                        all.await();
                        work.run();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } finally {
                        depth.set(depth.get() - 1);
                    }
                });
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            requests.add(request(Frames.RELEASE));
            lanes.add(requests.get(i));
        }
        all.countDown();
        await().until(() -> requests.stream().allMatch(Request::isOver));
        assertThat(deepest).hasValue(1);
    }
}
