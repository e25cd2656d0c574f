// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.processional.Processional.sharedMemory;
import static org.processional.Processional.slave;

import java.nio.ByteBuffer;
import java.util.List;
import org.processional.Proxy;
import org.processional.SharedMemory;
import org.processional.SlaveProcess;

/**
 * Owns shared memory that a slave holds too, and the other way about. Prints its own process id, the slave's, and what the
 * two see in the memory; then goes on for ever.
 */
final class MemoryHolders {
    private MemoryHolders() {}

    public static void main(String[] arguments) throws Exception {
        SlaveProcess slave = slave();
        SharedMemory ours = sharedMemory(1 << 20);
        ours.bytes().put(1, (byte) 1);
        Proxy<SharedMemory> held = slave.wrap(() -> ours);
        SharedMemory theirs = slave.invoke(() -> {
            SharedMemory made = sharedMemory(ByteBuffer.wrap(new byte[1 << 20]));
            made.bytes().put(2, (byte) 2);
            return made;
        });
        int seen = held.call(memory -> (int) memory.bytes().get(1));
        System.out.println(ProcessHandle.current().pid() + " " + slave.pid() + " " + seen + " "
                + theirs.bytes().get(2));
        Thread.currentThread().join();
        System.out.println(List.of(slave, ours, held, theirs)); // reachable until here
    }
}
