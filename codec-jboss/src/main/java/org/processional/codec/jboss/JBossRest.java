// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jboss.marshalling.MarshallerFactory;
import org.jboss.marshalling.river.RiverMarshallerFactory;
import org.jboss.marshalling.serial.SerialMarshallerFactory;
import org.jspecify.annotations.Nullable;
import org.processional.CodecException;
import org.processional.spi.FrameOutput;

/**
 * The rest, by JBoss Marshalling. Each body is a stream of its own.
 *
 * <p><b>Threads:</b> from any thread. Marshallers are kept for the next body; one that failed is not.
 */
final class JBossRest implements Rest {
    private final MarshallerFactory factory;
    private final Pool<GraphWriter> writers = new Pool<>();
    private final Pool<GraphReader> readers = new Pool<>();

    private JBossRest(MarshallerFactory factory) {
        this.factory = factory;
    }

    /** The protocol of JBoss: compact, fast. */
    static Rest river() {
        return new JBossRest(new RiverMarshallerFactory());
    }

    /** The protocol of Java serialization, version 5. */
    static Rest serial() {
        return new JBossRest(new SerialMarshallerFactory());
    }

    @Override
    public void write(@Nullable Object[] prelude, @Nullable Object root, FrameOutput to, BodyWriter body)
            throws IOException {
        GraphWriter writer = writers.take();
        if (writer == null) {
            writer = new GraphWriter(factory);
        }
        writer.write(prelude, root, to, body);
        writers.give(writer);
    }

    @Override
    public @Nullable Object read(ByteBuffer from, ClassLoader loader, BodyReader body)
            throws IOException, ClassNotFoundException {
        GraphReader reader = readers.take();
        if (reader == null) {
            reader = new GraphReader(factory);
        }
        try {
            Object root = reader.read(from, loader, body);
            readers.give(reader);
            return root;
        } catch (OutOfMemoryError e) {
            // JBoss makes room for a string before it looks whether there is one
            throw new CodecException("damaged message, or not enough memory for it: " + e, e);
        }
    }
}
