// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.engine.testing.Rounds;

@Timeout(60)
class SegmentHeaderTest {
    private static final int ROUNDS = 10_000_000;

    private final SegmentHeader header = new SegmentHeader(ByteBuffer.allocateDirect(SegmentHeader.BYTES));

    @Test
    void aReferenceIsOnItsWayUntilItArrives() {
        header.departs();
        header.departs();
        assertThat(header.flights()).isEqualTo(2);
        header.arrive(1);
        assertThat(header.flights()).isEqualTo(1);
        header.arrive(header.flights());
        assertThat(header.flights()).isZero();
    }

    /** Who saw fewer than there are would give the memory up too early. */
    @Test
    void noFewerAreSeenThanThereAreWhileTheyComeAndGo() throws InterruptedException {
        header.departs(); // one stays on its way
        CountDownLatch begun = new CountDownLatch(1);
        AtomicInteger left = new AtomicInteger(Rounds.of(ROUNDS));
        Thread traffic = new Thread(() -> {
            begun.countDown();
            while (left.decrementAndGet() >= 0) {
                header.departs();
                header.arrive(1);
            }
        });
        traffic.start();
        begun.await();
        int fewest = Integer.MAX_VALUE;
        while (left.get() > 0) {
            fewest = Math.min(fewest, header.flights());
        }
        traffic.join();
        assertThat(Math.min(fewest, header.flights())).isEqualTo(1);
    }
}
