// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class InTurnTest {
    private static final int PIECES = 1000;

    @Test
    void piecesAreDoneOneAtATimeInTheirOrderWhicheverFail() throws Exception {
        InTurn turns = new InTurn();
        List<Integer> done = new CopyOnWriteArrayList<>();
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(PIECES);
        for (int i = 0; i < PIECES; i++) {
            int number = i;
            turns.run(() -> {
                most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                done.add(number);
                atOnce.decrementAndGet();
                all.countDown();
                if (number % 3 == 0) {
                    throw new IllegalStateException("piece " + number);
                }
            });
        }
        all.await();
        assertThat(done).isEqualTo(IntStream.range(0, PIECES).boxed().toList());
        assertThat(most).hasValue(1);
    }
}
