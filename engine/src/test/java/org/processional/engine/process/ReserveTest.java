// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;
import org.processional.SlaveStartException;

@Timeout(30)
class ReserveTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    /** A slave that does nothing but live. */
    private static final class Life {
        private volatile boolean open = true; // written by whoever ends it
        private volatile boolean rehearsed; // written by the daemon
        private volatile boolean closed; // written by the daemon

        SlaveProcess process() {
            return (SlaveProcess) Proxy.newProxyInstance(
                    Life.class.getClassLoader(),
                    new Class<?>[] {SlaveProcess.class},
                    (proxy, method, arguments) -> switch (method.getName()) {
                        case "isOpen" -> open;
                        case "exitCode" -> Optional.empty();
                        case "invoke" -> rehearsed = true;
                        case "close" -> closed = true;
                        case "terminate" -> open = false;
                        case "hashCode" -> System.identityHashCode(proxy);
                        case "equals" -> proxy == arguments[0];
                        default -> "a slave";
                    });
        }
    }

    private final List<Life> lives = new CopyOnWriteArrayList<>();

    private SlaveProcess start(SlaveOptions options) {
        Life life = new Life();
        lives.add(life);
        return life.process();
    }

    private Reserve reserve(int size, Duration idle) {
        return new Reserve(SlaveOptions.builder().reserve(size).build(), this::start, idle);
    }

    private void awaitStarted(int count) {
        await().until(() -> lives.size() == count && lives.stream().skip(1).allMatch(life -> life.rehearsed));
        awaitIdle();
    }

    @Test
    void theFirstIsStartedAndTheNextComesFromTheReserveWhichIsFilledAgain() {
        Reserve reserve = reserve(2, LONG);
        reserve.take();
        awaitStarted(3);
        reserve.take();
        assertThat(lives.get(0).rehearsed).isFalse();
        awaitStarted(4);
    }

    @Test
    void oneThatDiedIsSkipped() {
        Reserve reserve = reserve(2, LONG);
        reserve.take();
        awaitStarted(3);
        lives.get(1).open = false;
        assertThat(reserve.take().isOpen()).isTrue();
        awaitStarted(5);
    }

    @Test
    void whatNobodyTakesIsClosedAndFilledAgain() {
        Reserve reserve = reserve(1, Duration.ofMillis(50));
        reserve.take();
        await().until(() -> lives.size() == 2 && lives.get(1).closed);
        reserve.take();
        assertThat(lives).hasSizeGreaterThanOrEqualTo(3);
        await().until(() -> lives.size() == 4);
    }

    @Test
    void aStartThatFailsIsNotRepeatedUntilSomebodyAsks() {
        Reserve reserve = new Reserve(
                SlaveOptions.builder().reserve(1).build(),
                options -> {
                    start(options);
                    throw new SlaveStartException("no memory");
                },
                LONG);
        assertThatThrownBy(reserve::take).hasMessage("no memory");
        await().until(() -> lives.size() == 2);
        awaitIdle();
        assertThat(lives).hasSize(2);
        assertThatThrownBy(reserve::take).hasMessage("no memory");
        await().until(() -> lives.size() == 4);
    }

    private static void awaitIdle() {
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("processional-reserve-slave"))
                .allMatch(thread -> thread.getState() == Thread.State.TIMED_WAITING));
    }

    @Test
    void whatCannotWaitIsRefused() {
        assertThatThrownBy(() -> SlaveOptions.builder().reserve(65).build()).hasMessageContaining("65");
        assertThatThrownBy(() ->
                        SlaveOptions.builder().reserve(1).address("unix:/tmp/a").build())
                .hasMessageContaining("address");
        assertThatThrownBy(() -> SlaveOptions.builder().reserve(1).detach(true).build())
                .hasMessageContaining("detached");
    }
}
