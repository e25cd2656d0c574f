// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.util.concurrent.atomic.AtomicInteger;
import org.processional.Processional;
import org.processional.SlaveOptions;
import org.processional.SlaveProcess;

/** {@code invoke} of a slave process, over a Unix socket, shared memory or TCP. */
final class ProcessInvoke implements Way {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final SlaveProcess slave;
    private final String text = ThreadWays.TEXT;
    private int number;

    private ProcessInvoke(SlaveOptions options) {
        slave = Processional.slave(options);
    }

    static ProcessInvoke unix() {
        return new ProcessInvoke(at("unix:/tmp/" + name()));
    }

    static ProcessInvoke sharedMemory() {
        return new ProcessInvoke(at("shm:" + name()));
    }

    static ProcessInvoke tcp() {
        return new ProcessInvoke(SlaveOptions.builder().transport("tcp").build());
    }

    private static SlaveOptions at(String address) {
        return SlaveOptions.builder().address(address).build();
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
