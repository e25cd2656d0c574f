// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * Numbers that nobody can guess: who has the number of an object was given it. They are taken from the system, many at
 * once; a cold JVM would need 20 ms for a {@link SecureRandom}, in the midst of the first answer with a proxy.
 *
 * <p><b>Threads:</b> one at a time.
 */
final class ExportNumbers {
    private static final Path RANDOM = Path.of("/dev/urandom");
    private static final int BYTES = 64 * Long.BYTES;

    private final ByteBuffer ready = ByteBuffer.allocate(BYTES).limit(0);

    /** A number above 0: 63 random bits. */
    long next() {
        while (true) {
            if (!ready.hasRemaining()) {
                fill(ready.array());
                ready.clear();
            }
            long number = ready.getLong() & Long.MAX_VALUE; // people read them
            if (number != 0) {
                return number;
            }
        }
    }

    private static void fill(byte[] bytes) {
        try (InputStream from = Files.newInputStream(RANDOM)) {
            if (from.readNBytes(bytes, 0, bytes.length) == bytes.length) {
                return;
            }
        } catch (IOException e) {
            // another system, which has its own source
        }
        new SecureRandom().nextBytes(bytes);
    }
}
