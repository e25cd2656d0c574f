// SPDX-License-Identifier: Apache-2.0
package org.processional.spi.channel;

import java.nio.ByteBuffer;

/** Buffers of connections, which begin small. */
final class DirectBuffers {
    private DirectBuffers() {}

    /** A buffer of a size; the one that is there if it has that, or there is no memory for another: it does too. */
    static ByteBuffer larger(ByteBuffer there, int bytes) {
        if (there.capacity() >= bytes) {
            return there;
        }
        try {
            return ByteBuffer.allocateDirect(bytes);
        } catch (OutOfMemoryError e) {
            return there;
        }
    }
}
