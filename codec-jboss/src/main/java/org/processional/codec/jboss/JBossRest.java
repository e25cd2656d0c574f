// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.io.IOException;
import java.io.InvalidClassException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
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
    /** Length of the checksum, which stands between the tag and what it covers. */
    static final int CHECKSUM_BYTES = 4;

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
        to.putByte(Tag.REST);
        int start = to.size();
        to.putInt(0);
        writer.write(prelude, root, to, body);
        writers.give(writer);
        int checksum = checksum(to.frame().position(start + CHECKSUM_BYTES));
        to.room(0).putInt(start, checksum);
    }

    /**
     * The checksum of what is left in a buffer. JBoss believes the lengths of strings and descriptors that it reads: one
     * wrong bit, and it asks for gigabytes. So it gets to see no bytes but those that were written.
     */
    static int checksum(ByteBuffer bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    @Override
    public @Nullable Object read(ByteBuffer from, ClassLoader loader, BodyReader body)
            throws IOException, ClassNotFoundException {
        if (from.remaining() < CHECKSUM_BYTES || from.getInt() != checksum(from.duplicate())) {
            throw new CodecException("damaged message: its checksum is wrong");
        }
        GraphReader reader = readers.take();
        if (reader == null) {
            reader = new GraphReader(factory, body.session().admission());
        }
        try {
            Object root = reader.read(from, loader, body);
            if (!reader.isForOne()) {
                readers.give(reader);
            }
            return root;
        } catch (InvalidClassException e) {
            if (e.getCause() instanceof CodecException refused) {
                throw refused;
            }
            throw e;
        } catch (OutOfMemoryError e) {
            throw new CodecException("not enough memory for the message: " + e, e);
        }
    }
}
