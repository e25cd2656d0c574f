// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.SlaveDeath;
import org.processional.SlaveDiedException;

/** Many who ask at once wait once. */
@Timeout(60)
class InquestTest {
    private final Inquest inquest = new Inquest();
    private final List<Duration> waits = Collections.synchronizedList(new ArrayList<>());
    private final SlaveDiedException death = died("died");

    private static SlaveDiedException died(String message) {
        SlaveDeath how =
                new SlaveDeath(1, 1, null, SlaveDeath.Reason.EXITED, List.of(), Duration.ofSeconds(1), "", null, null);
        return new SlaveDiedException(message, how);
    }

    @Test
    void theEndIsWaitedForOnce() throws Exception {
        ExecutorService askers = Executors.newFixedThreadPool(4);
        try {
            CountDownLatch asking = new CountDownLatch(4);
            List<Future<SlaveDiedException>> answers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                answers.add(askers.submit(() -> {
                    asking.countDown();
                    return inquest.ask(wait -> {
                        waits.add(wait);
                        return null;
                    });
                }));
            }
            for (Future<SlaveDiedException> answer : answers) {
                assertThat(answer.get(30, TimeUnit.SECONDS)).isNull();
            }
            assertThat(waits).hasSize(4);
            assertThat(waits.get(0)).isPositive();
            assertThat(waits.subList(1, 4)).containsOnly(Duration.ZERO);
        } finally {
            askers.shutdownNow();
        }
    }

    @Test
    void whatIsFoundLaterIsToldToAllFromThenOn() {
        assertThat(inquest.ask(wait -> null)).isNull();
        assertThat(inquest.ask(wait -> death)).isSameAs(death);
        assertThat(inquest.ask(wait -> died("another"))).isSameAs(death);
    }

    @Test
    void whoIsInterruptedHasNotWaited() {
        inquest.ask(wait -> {
            Thread.currentThread().interrupt();
            return null;
        });
        assertThat(Thread.interrupted()).isTrue();
        inquest.ask(wait -> {
            waits.add(wait);
            return null;
        });
        assertThat(waits).singleElement().satisfies(wait -> assertThat(wait).isPositive());
    }
}
