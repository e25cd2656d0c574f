// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.nio.ByteBuffer;
import org.processional.engine.EngineRandom;

/**
 * Numbers that nobody can guess: who has the number of an object was given it. They are taken from the system, many at
 * once.
 *
 * <p><b>Threads:</b> one at a time.
 */
final class ExportNumbers {
    private static final int BYTES = 64 * Long.BYTES;

    private ByteBuffer ready = ByteBuffer.allocate(0);

    /** A number above 0: 63 random bits. */
    long next() {
        while (true) {
            if (!ready.hasRemaining()) {
                ready = ByteBuffer.wrap(EngineRandom.bytes(BYTES));
            }
            long number = ready.getLong() & Long.MAX_VALUE; // people read them
            if (number != 0) {
                return number;
            }
        }
    }
}
