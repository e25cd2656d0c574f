// SPDX-License-Identifier: Apache-2.0
package org.processional.cli;

import java.util.concurrent.CountDownLatch;
import org.processional.SlaveProcess;
import org.processional.Task;

/** A task that keeps a server of this JVM busy until it is told to end. */
final class Busy {
    private static final CountDownLatch BEGUN = new CountDownLatch(1);
    private static final CountDownLatch END = new CountDownLatch(1);

    private Busy() {}

    static void begin(SlaveProcess server) throws InterruptedException {
        Task<?> task = server.schedule(() -> {
            BEGUN.countDown();
            END.await();
        });
        BEGUN.await();
        if (task.isDone()) {
            throw new IllegalStateException("the task has ended already");
        }
    }

    static void end() {
        END.countDown();
    }
}
