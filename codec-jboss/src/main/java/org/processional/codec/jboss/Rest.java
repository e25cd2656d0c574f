// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.processional.spi.FrameOutput;

/**
 * Writes and reads the graphs that have no form of our own. What implements it is loaded when the first such graph
 * appears, and with it JBoss Marshalling, which costs a fresh JVM about 100 ms.
 *
 * <p><b>Threads:</b> from any thread.
 */
interface Rest {
    /**
     * Writes a graph as one.
     *
     * @param prelude is written first
     * @param root is written last
     * @param to takes the bytes
     * @param body gives the numbers of definitions
     */
    void write(@Nullable Object[] prelude, @Nullable Object root, FrameOutput to, BodyWriter body) throws Throwable;

    /**
     * Reads what {@code write} wrote.
     *
     * @param from the bytes, to the limit
     * @param loader resolves the classes
     * @param body knows the definitions
     * @return the root
     */
    @Nullable
    Object read(ByteBuffer from, ClassLoader loader, BodyReader body) throws Throwable;
}
