// SPDX-License-Identifier: Apache-2.0
package org.processional.examples.guide;

import static org.processional.Processional.sharedMemory;
import static org.processional.Processional.slave;

import java.nio.IntBuffer;
import org.processional.SharedMemory;
import org.processional.SlaveProcess;

/** What {@code docs/shared-memory.md} shows. */
final class SharedMemoryGuide {
    private SharedMemoryGuide() {}

    private static void render(IntBuffer pixels) {
        for (int i = 0; i < pixels.limit(); i++) {
            pixels.put(i, i);
        }
    }

    private static long show(IntBuffer pixels) {
        long sum = 0;
        for (int i = 0; i < pixels.limit(); i++) {
            sum += pixels.get(i);
        }
        return sum;
    }

    static long image(int width, int height) {
        long shown;
        try (SlaveProcess process = slave();
                SharedMemory image = sharedMemory(4L * width * height)) {
            IntBuffer pixels = image.ints(0, width * height);
            process.invoke(() -> render(pixels)); // writes there what is read here
            shown = show(pixels);
        }
        return shown;
    }
}
