// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.Limits;
import org.processional.Work;
import org.processional.spi.Connection;
import org.processional.spi.FrameOutput;
import org.processional.spi.InputFilter;
import org.processional.spi.Substitution;
import org.processional.tck.JavaCodec;
import org.processional.tck.memory.Weather;

/** A client gives its server no more threads than its limit says: its server speaks frame by frame. */
@Timeout(60)
class OwnThreadsTest {
    private static final Handshake.Terms TERMS =
            new Handshake.Terms("", 16, List.of(new JavaCodec()), false, InputFilter.none());
    private static final Home NOWHERE = request -> {
        throw new IllegalStateException("it has a thread of its own");
    };

    private static volatile CountDownLatch begun = new CountDownLatch(2);
    private static volatile CountDownLatch goOn = new CountDownLatch(1);

    private static String work(String object) throws InterruptedException {
        begun.countDown();
        goOn.await();
        return object;
    }

    /** A call of an object, which wants a thread of its own. */
    private static void call(Connection connection, long ticket, long object) throws IOException {
        FrameOutput out = new FrameOutput(512, 1 << 20);
        Frames.begin(out, Frames.THREAD, Frames.OBJECT, 0, ticket, 0);
        out.putLong(object);
        Work<String, String, InterruptedException> work = OwnThreadsTest::work;
        new JavaCodec().open(new Nothing(), InputFilter.none()).encode(work, out);
        MemoryPair.send(connection, out.frame());
    }

    private static final class Nothing implements Substitution {
        @Override
        public byte[] replace(Object object) {
            return null;
        }

        @Override
        public Object resolve(byte[] bytes) {
            return null;
        }
    }

    private static Peer connect(MemoryPair pair, Limits limits) throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            Future<Peer> client = executor.submit(() -> OutgoingPeer.connect(
                    pair.client(),
                    null,
                    TERMS,
                    MemoryPair.LONG,
                    (peer, why) -> why,
                    new CodeOffer(CodeOffer.Policy.NONE),
                    limits));
            Handshake.Partner partner = Handshake.accept(pair.server(), TERMS, MemoryPair.LONG, null);
            Handshake.welcome(pair.server(), TERMS, partner);
            return client.get();
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void callsBeyondTheLimitAreRefusedAndOthersFollowWhenSomeHaveEnded() throws Exception {
        begun = new CountDownLatch(2);
        goOn = new CountDownLatch(1);
        try (MemoryPair pair = MemoryPair.open(Weather.CALM)) {
            Peer client = connect(pair, Limits.builder().threads(2).build());
            long object = Exports.HERE.sent(client.held(), Exports.HERE.keep(null, "object", NOWHERE));
            call(pair.server(), 1, object);
            call(pair.server(), 2, object);
            begun.await();
            call(pair.server(), 3, object);
            ByteBuffer refused = ByteBuffer.wrap(MemoryPair.next(pair.server()));
            assertThat(Frames.ticket(refused)).isEqualTo(3);
            assertThat(Frames.kind(refused)).isEqualTo(Frames.FAILURE);
            assertThat(Failures.standIn(Frames.body(refused, true)).getMessage())
                    .contains("runs 2 functions in threads of their own");
            goOn.countDown();
            assertThat(List.of(result(pair), result(pair))).containsExactlyInAnyOrder(1L, 2L);
            for (long ticket = 4; ticket < 8; ticket++) {
                call(pair.server(), ticket, object);
                assertThat(result(pair)).isEqualTo(ticket);
            }
            client.close();
        }
    }

    /** The ticket of the next answer, which is a result. */
    private static long result(MemoryPair pair) throws IOException {
        ByteBuffer frame = ByteBuffer.wrap(MemoryPair.next(pair.server()));
        assertThat(Frames.kind(frame)).isEqualTo(Frames.RESULT);
        return Frames.ticket(frame);
    }
}
