// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.util.concurrent.atomic.AtomicInteger;
import org.processional.Processional;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;

/** {@code invoke} of a slave process, over a Unix socket or over shared memory. */
final class ProcessInvoke implements Way {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final SlaveProcess slave;
    private final String text = ThreadWays.TEXT;
    private int number;

    private ProcessInvoke(String address) {
        slave = Processional.slave(SlaveOptions.builder().address(address).build());
    }

    static ProcessInvoke unix() {
        return new ProcessInvoke("unix:/tmp/" + name());
    }

    static ProcessInvoke sharedMemory() {
        return new ProcessInvoke("shm:" + name());
    }

    private static String name() {
        return "processional-bench-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
    }

    @Override
    public long step() {
        int captured = number++;
        String capturedToo = text;
        return slave.invoke(() -> captured + capturedToo.length());
    }

    @Override
    public void close() {
        slave.close();
    }
}
