// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.processional.Processional.slave;
import static org.processional.Processional.slaveThread;
import static org.processional.Processional.thread;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processional.Slave;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;
import org.processional.SlaveThread;
import org.processional.Task;
import org.processional.TaskInterruptedException;
import org.processional.ThreadOptions;

/** Virtual threads call as others do, alone and many at once, beside platform threads; before JDK 21 there are none. */
@Timeout(120)
class VirtualCallersTest {
    private static final ThreadOptions VIRTUAL =
            ThreadOptions.builder().virtual(true).build();
    private static final int CALLERS = 20;

    @ParameterizedTest
    @ValueSource(strings = {"unix", "shm", "tcp"})
    void ofASlaveProcess(String transport) {
        try (SlaveProcess slave =
                slave(SlaveOptions.builder().transport(transport).build())) {
            callFromVirtualThreads(slave);
        }
    }

    @Test
    void ofASlaveThread() {
        try (SlaveThread slave = slaveThread()) {
            callFromVirtualThreads(slave);
        }
    }

    private static void callFromVirtualThreads(Slave slave) {
        if (Runtime.version().feature() < 21) {
            assertThatThrownBy(() -> thread(VIRTUAL, () -> 1)).hasMessageContaining("21");
            return;
        }
        int calls = Rounds.of(2000);
        assertThat(sum(slave, 0, calls)).as("a platform thread").isEqualTo(calls * (calls - 1) / 2);
        assertThat(thread(VIRTUAL, () -> sum(slave, 0, calls)).await())
                .as("one virtual thread")
                .isEqualTo(calls * (calls - 1) / 2);
        List<Task<Integer>> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            ThreadOptions options = i % 4 == 0 ? ThreadOptions.builder().build() : VIRTUAL;
            callers.add(thread(options, () -> sum(slave, 7, calls / 10)));
        }
        int some = calls / 10;
        for (Task<Integer> caller : callers) {
            assertThat(caller.await()).isEqualTo(7 * some + some * (some - 1) / 2);
        }
        Task<Integer> waits = thread(VIRTUAL, () -> slave.invoke(() -> sleepLong()));
        waits.interrupt();
        assertThatThrownBy(waits::await).isInstanceOf(TaskInterruptedException.class);
        assertThat(slave.<Integer, RuntimeException>invoke(() -> 1)).isEqualTo(1);
    }

    private static int sum(Slave slave, int plus, int calls) {
        int sum = 0;
        for (int i = 0; i < calls; i++) {
            int number = i;
            sum += slave.<Integer, RuntimeException>invoke(() -> number + plus);
        }
        return sum;
    }

    private static int sleepLong() throws InterruptedException {
        Thread.sleep(60_000);
        return 0;
    }
}
