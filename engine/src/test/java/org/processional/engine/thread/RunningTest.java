// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.processional.Processional.cancellation;
import static org.processional.Processional.slaveThread;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.SlaveThread;

/** What tasks leave in threads that are not ours: nothing. This one is such a thread. */
@Timeout(60)
class RunningTest {
    private final AtomicBoolean inside = new AtomicBoolean();
    private final AtomicBoolean afterInner = new AtomicBoolean();

    private int outer() {
        inside.set(Running.isLent());
        new LocalTask<>(() -> 1).run();
        afterInner.set(Running.isLent());
        return 1;
    }

    @Test
    void withTheOutermostTaskNothingStays() {
        assertThat(Running.isLent()).isFalse();
        new LocalTask<>(this::outer).run();
        assertThat(inside).isTrue();
        assertThat(afterInner).as("the outer one goes on").isTrue();
        assertThat(Running.isLent()).isFalse();
        new LocalTask<>(() -> {
                    throw new IllegalStateException("it fails");
                })
                .run();
        assertThat(Running.isLent()).isFalse();
    }

    @Test
    void toAskLeavesNothing() throws InterruptedException {
        assertThat(cancellation().isRequested()).isFalse();
        try (SlaveThread slave = slaveThread()) {
            assertThat(slave.<Integer, RuntimeException>invoke(() -> 2)).isEqualTo(2);
        }
        assertThat(Running.isLent()).isFalse();
    }

    @Test
    void whoRunsTasksAloneKeepsIt() {
        Running.begin();
        new LocalTask<>(this::outer).run();
        assertThat(Running.isLent()).isTrue();
        Running.end();
        assertThat(Running.isLent()).isFalse();
    }
}
