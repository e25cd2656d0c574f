// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.processional.Processional.sharedMemory;

import org.processional.SharedMemory;
import org.processional.SharedMemoryException;

/** Makes 8 MiB of shared memory, and says how that went. */
final class MemoryMaker {
    private MemoryMaker() {}

    public static void main(String[] arguments) {
        try (SharedMemory memory = sharedMemory(8 << 20)) {
            System.out.println("made " + memory.size());
        } catch (SharedMemoryException e) {
            System.out.println(e.getMessage());
        }
    }
}
