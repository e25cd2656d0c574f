// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.processional.Processional.slaveThread;

import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.Cancel;
import org.processional.SlaveThread;
import org.processional.TaskOptions;
import org.processional.engine.task.Timers;

/** An interrupt closes the channel that a function waits for, which may take as long as the channel likes. */
@Timeout(60)
class SlowInterruptTest {
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    private final class SlowChannel extends AbstractInterruptibleChannel {
        int read() throws Exception {
            try {
                begin();
                goOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                end(false);
            }
            return 1;
        }

        @Override
        protected void implCloseChannel() {
            closing.countDown();
            boolean over = false;
            while (!over) {
                try {
                    goOn.await();
                    over = true;
                } catch (InterruptedException e) {
                    // nobody means it
                }
            }
        }
    }

    @Test
    void aTimeLimitKeepsNoOtherWaiting() throws Exception {
        TaskOptions options = TaskOptions.builder()
                .limit(Duration.ofSeconds(1))
                .atLimit(Cancel.interrupt())
                .build();
        CountDownLatch fired = new CountDownLatch(1);
        try (SlaveThread slave = slaveThread()) {
            slave.schedule(() -> new SlowChannel().read(), options);
            assertThat(closing.await(30, TimeUnit.SECONDS)).isTrue();
            Timers.after(0, fired::countDown);
            assertThat(fired.await(30, TimeUnit.SECONDS))
                    .as("another timer, while the channel closes")
                    .isTrue();
            goOn.countDown();
        } finally {
            goOn.countDown();
        }
    }
}
