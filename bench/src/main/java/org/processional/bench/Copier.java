// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;

/**
 * Encodes an object graph and decodes it again.
 *
 * <p><b>Threads:</b> one thread uses it.
 */
@FunctionalInterface
interface Copier {
    /** The graph, by way of bytes. */
    Object copy(Object graph) throws Exception;

    /** Java serialization, which keeps nothing from one graph to the next. */
    static Copier ofJdk() {
        return graph -> {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
                out.writeObject(graph);
            }
            try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
                return in.readObject();
            } catch (ClassNotFoundException e) {
                throw new IOException("not of this JVM", e);
            }
        };
    }
}
