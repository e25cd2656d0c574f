// SPDX-License-Identifier: Apache-2.0
package org.processional.engine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The chance of the engine: secrets, nonces, numbers of objects. It is that of the system or, by the property {@value
 * #PROPERTY}, what follows from a seed: for tests that are to be repeated, since whoever knows the seed knows the secrets.
 *
 * <p><b>Threads:</b> from any thread.
 */
public final class EngineRandom {
    /** The seed, a number. */
    public static final String PROPERTY = "processional.random.seed";

    private static final Path SYSTEM = Path.of("/dev/urandom");
    private static final @Nullable SplittableRandom SEEDED = seeded(); // guarded by the class

    private EngineRandom() {}

    private static @Nullable SplittableRandom seeded() {
        Long seed = Long.getLong(PROPERTY);
        if (seed == null) {
            return null;
        }
        Log.engine().warn("secrets follow from the property {}; use it in tests alone", PROPERTY);
        return new SplittableRandom(seed);
    }

    /** Bytes that nobody can guess. */
    public static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        SplittableRandom seeded = SEEDED;
        if (seeded == null) {
            fill(bytes);
        } else {
            synchronized (EngineRandom.class) {
                seeded.nextBytes(bytes);
            }
        }
        return bytes;
    }

    /** From the system: a cold JVM would need 20 ms for a {@link SecureRandom}, in the midst of a first answer. */
    private static void fill(byte[] bytes) {
        try (InputStream from = Files.newInputStream(SYSTEM)) {
            if (from.readNBytes(bytes, 0, bytes.length) == bytes.length) {
                return;
            }
        } catch (IOException e) {
            // another system, which has its own source
        }
        new SecureRandom().nextBytes(bytes);
    }
}
