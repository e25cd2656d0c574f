// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.util.ArrayList;
import org.processional.CodecException;
import org.processional.spi.Substitution;

/**
 * What stands for the proxies of one body. A body may be written more than once (see {@link BodyWriter}); each proxy is
 * replaced once all the same, because the engine counts.
 *
 * <p><b>Threads:</b> one thread at a time.
 */
final class Proxies {
    private static final int MAX_BYTES = 255;

    private final Substitution substitution;
    private final ArrayList<Object> replaced = new ArrayList<>(0);
    private final ArrayList<byte[]> stand = new ArrayList<>(0);

    Proxies(Substitution substitution) {
        this.substitution = substitution;
    }

    byte[] replace(Object proxy) {
        for (int i = 0; i < replaced.size(); i++) {
            if (replaced.get(i) == proxy) {
                return stand.get(i);
            }
        }
        byte[] bytes = substitution.replace(proxy);
        if (bytes == null) {
            throw new BodyWriter.Unfit(proxy);
        }
        if (bytes.length > MAX_BYTES) {
            throw new CodecException("a stand-in of " + bytes.length + " bytes for a proxy; at most " + MAX_BYTES);
        }
        replaced.add(proxy);
        stand.add(bytes);
        return bytes;
    }

    void clear() {
        if (!replaced.isEmpty()) {
            replaced.clear();
            stand.clear();
        }
    }
}
