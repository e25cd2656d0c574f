// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.ProcessionalException;
import org.processional.SlaveThread;
import org.processional.SlaveThreadOptions;
import org.processional.Task;
import org.processional.engine.testing.Rounds;

/** Threads of slaves that would wait for each other. */
@Timeout(60)
class CirclesTest {
    private final Threads threads = new Threads();
    private final SlaveThread a = slave("a");
    private final SlaveThread b = slave("b");
    private final SlaveThread c = slave("c");

    private SlaveThread slave(String name) {
        return threads.slaveThread(SlaveThreadOptions.builder().name(name).build());
    }

    @AfterEach
    void close() {
        a.close();
        b.close();
        c.close();
    }

    @Test
    void oneWaitOfACircleIsRefused() {
        assertThatThrownBy(() -> a.invoke(() -> b.invoke(() -> c.invoke(() -> a.invoke(() -> 0)))))
                .isInstanceOf(ProcessionalException.class)
                .hasMessageContaining("whose thread would wait for it here");
        assertThat(a.invoke(() -> b.invoke(() -> c.invoke(() -> 1)))).isEqualTo(1);
    }

    @Test
    void toAwaitATaskClosesACircleAsWell() {
        Task<Integer> outer =
                a.schedule(() -> b.schedule(() -> a.schedule(() -> 1).await()).await());
        assertThatThrownBy(outer::await)
                .isInstanceOf(ProcessionalException.class)
                .hasMessageContaining("whose thread would wait for it here");
    }

    @Test
    void anEventLoopIsInACircleToo() throws Exception {
        LinkedBlockingQueue<Runnable> events = new LinkedBlockingQueue<>();
        AtomicBoolean over = new AtomicBoolean();
        Thread loop = new Thread(() -> {
            while (!over.get()) {
                try {
                    events.take().run();
                } catch (InterruptedException e) {
                    return;
                }
            }
        });
        loop.start();
        try (SlaveThread screen =
                threads.adoptLoop(SlaveThreadOptions.defaults(), events::add, () -> Thread.currentThread() == loop)) {
            assertThatThrownBy(() -> screen.invoke(() -> a.invoke(() -> screen.invoke(() -> 1))))
                    .isInstanceOf(ProcessionalException.class);
            assertThat(screen.invoke(() -> 2)).isEqualTo(2);
        } finally {
            over.set(true);
            loop.interrupt();
            loop.join();
        }
    }

    /** What has just ended is no wait any more, though who waited has not gone on yet: nobody is refused for that. */
    @Test
    void whoAsksBackBehindAnAnswerIsNotRefused() {
        AtomicReference<Task<Integer>> back = new AtomicReference<>();
        for (int i = 0; i < Rounds.of(20_000); i++) {
            int answer = a.<Integer, RuntimeException>invoke(() -> b.<Integer, RuntimeException>invoke(() -> {
                back.set(b.schedule(() -> a.<Integer, RuntimeException>invoke(() -> 2)));
                return 1;
            }));
            assertThat(answer + back.get().await()).isEqualTo(3);
        }
    }
}
