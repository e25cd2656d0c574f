// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;
import org.processional.spi.Substitution;

/**
 * What stands for proxies, shared memory and large arrays in one body. A body may be written more than once (see
 * {@link BodyWriter}); each object is replaced once all the same, because the engine counts.
 *
 * <p><b>Threads:</b> one thread at a time.
 */
final class Proxies {
    private static final int MAX_BYTES = 255;

    private final Substitution substitution;
    private final References replaced = new References();
    private final ArrayList<byte[]> stand = new ArrayList<>(0); // of each

    Proxies(Substitution substitution) {
        this.substitution = substitution;
    }

    /** What stands for an object; null if the codec is to write it itself. */
    byte @Nullable [] replace(Object object) {
        int index = replaced.find(object);
        if (index >= 0) {
            return stand.get(index);
        }
        byte[] bytes = substitution.replace(object);
        if (bytes == null) {
            return null;
        }
        if (bytes.length > MAX_BYTES) {
            throw new CodecException("a stand-in of " + bytes.length + " bytes; at most " + MAX_BYTES);
        }
        replaced.add(object);
        stand.add(bytes);
        return bytes;
    }

    /** The body is not sent. */
    void forget() {
        for (byte[] bytes : stand) {
            substitution.forget(bytes);
        }
        clear();
    }

    void clear() {
        if (!stand.isEmpty()) {
            replaced.clear();
            stand.clear();
        }
    }
}
