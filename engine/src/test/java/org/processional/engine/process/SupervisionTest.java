// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.processional.Processional.client;
import static org.processional.Processional.serve;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.Restart;
import org.processional.Server;
import org.processional.SlaveStartException;

/** Starts that fail. The process that dies is a connection to a server of this one. */
@Timeout(60)
class SupervisionTest {
    private static final String NAME = "supervised";
    private static final Duration LONG = Duration.ofSeconds(50);

    private final List<Long> starts = new CopyOnWriteArrayList<>(); // their times, in ns
    private Server server;
    private ConnectedProcess first;

    @BeforeEach
    void connect() {
        server = serve("mem:supervision");
        first = (ConnectedProcess) client(server.address());
    }

    @AfterEach
    void disconnect() {
        first.close();
        server.close();
    }

    private ConnectedProcess start(int generation) {
        if (generation == 0) {
            return first;
        }
        starts.add(System.nanoTime());
        throw new SlaveStartException("told to fail");
    }

    private void die(Supervision supervision) {
        first.close();
        supervision.lost(0, null);
    }

    private static boolean restarts() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("processional-restart-" + NAME));
    }

    @Test
    void thePauseAfterAStartThatFailedGrows() {
        Supervision supervision =
                new Supervision(NAME, Restart.atMost(4, Duration.ofDays(1)), LONG, this::start).begin();
        die(supervision);
        assertThatThrownBy(supervision::await)
                .isInstanceOf(SlaveStartException.class)
                .hasMessageContaining("told to fail");
        assertThat(starts).hasSize(4);
        for (int i = 1; i < 4; i++) {
            assertThat(Duration.ofNanos(starts.get(i) - starts.get(i - 1)))
                    .isGreaterThanOrEqualTo(Duration.ofMillis(50L << i - 1));
        }
    }

    @Test
    void closingEndsAPause() {
        Supervision supervision = new Supervision(
                        NAME, Restart.atMost(4, Duration.ofDays(1)), LONG, Duration.ofHours(1), this::start)
                .begin();
        die(supervision);
        await().atMost(LONG).until(() -> starts.size() == 1);
        supervision.close();
        await().atMost(LONG).until(() -> !restarts());
        assertThat(starts).hasSize(1);
        assertThat(supervision.isOpen()).isFalse();
    }

    @Test
    void whatOneCallSaidIsNotTakenBackByAnotherThatFails() {
        Supervision supervision =
                new Supervision(NAME, Restart.atMost(1, Duration.ofDays(1)), LONG, this::start).begin();
        supervision.release();
        supervision.release();
        supervision.told(true);
        supervision.told(false);
        die(supervision);
        assertThatThrownBy(supervision::await).hasMessageContaining("as it was told to");
        assertThat(starts).isEmpty();
    }

    @Test
    void anEndThatWasCalledOffIsNone() {
        Supervision supervision =
                new Supervision(NAME, Restart.atMost(1, Duration.ofDays(1)), LONG, this::start).begin();
        supervision.release();
        supervision.told(false);
        die(supervision);
        assertThatThrownBy(supervision::await).hasMessageContaining("told to fail");
        assertThat(starts).hasSize(1);
    }

    @Test
    void anotherStartsAlsoWhereTheDeadOneCannotBeEnded() {
        Supervision.Starter starter = new Supervision.Starter() {
            @Override
            public ConnectedProcess start(int generation) {
                return SupervisionTest.this.start(generation);
            }

            @Override
            public void discard(ConnectedProcess dead) {
                throw new IllegalStateException("it cannot be ended");
            }
        };
        Supervision supervision = new Supervision(NAME, Restart.atMost(1, Duration.ofDays(1)), LONG, starter).begin();
        die(supervision);
        assertThatThrownBy(supervision::await).hasMessageContaining("told to fail");
        assertThat(starts).hasSize(1);
    }
}
