// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import org.apache.fory.Fory;
import org.apache.fory.logging.LoggerFactory;
import org.apache.fory.memory.MemoryBuffer;

/**
 * Fory with the abilities that ours has: classes that nobody registered, lambdas, graphs with circles.
 *
 * <p><b>Threads:</b> one thread uses it.
 */
final class ForyCopier implements Copier {
    private static final int FIRST_BYTES = 1024;

    private final Fory fory;
    private final MemoryBuffer buffer = MemoryBuffer.newHeapBuffer(FIRST_BYTES);

    ForyCopier() {
        LoggerFactory.disableLogging(); // it warns that classes are not registered
        fory = Fory.builder()
                .requireClassRegistration(false)
                .withXlang(false)
                .withRefTracking(true)
                .withAsyncCompilation(false)
                .build();
    }

    @Override
    public Object copy(Object graph) {
        buffer.writerIndex(0);
        buffer.readerIndex(0);
        fory.serialize(buffer, graph);
        return fory.deserialize(buffer);
    }
}
