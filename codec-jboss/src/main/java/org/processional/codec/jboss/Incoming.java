// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.nio.ByteBuffer;
import org.processional.CodecException;
import org.processional.spi.FrameOutput;
import org.processional.spi.InputFilter;

/**
 * The definitions of the other end of a session.
 *
 * <p><b>Threads:</b> {@code define} from the reader, the others from any thread. To define looks at the head and copies
 * the bytes; what they mean is found out by the first thread that decodes a use of them.
 */
final class Incoming {
    private final IntTable<IncomingDefinition> byId = new IntTable<>(Outgoing.MAX_DEFINITIONS);
    private final Admission admission;
    private long bytes; // of all definitions; reader only

    Incoming(InputFilter filter) {
        this.admission = new Admission(filter);
    }

    /** Decides what may be made of what comes. */
    Admission admission() {
        return admission;
    }

    /**
     * Keeps a definition; one with a known number is ignored.
     *
     * @throws CodecException if the bytes are not one
     */
    void define(ByteBuffer from) {
        byte kind = from.hasRemaining() ? from.get() : 0;
        if (kind < Tag.D_CLASS || kind > Tag.D_PLAIN) {
            throw new CodecException("damaged definition: of kind " + kind);
        }
        int id = FrameOutput.readSize(from);
        if (byId.get(id) != null) {
            return;
        }
        int length = from.remaining();
        if (length > Outgoing.MAX_DEFINITION_BYTES || bytes + length > Outgoing.MAX_BYTES) {
            throw new CodecException("damaged definition: of " + length + " bytes, beside " + bytes
                    + " of others; a connection has at most " + Outgoing.MAX_BYTES + ", and "
                    + Outgoing.MAX_DEFINITION_BYTES + " for each");
        }
        bytes += length;
        byte[] payload = new byte[from.remaining()];
        from.get(payload);
        byId.putIfAbsent(id, new IncomingDefinition(kind, payload, admission));
    }

    /**
     * Finds a definition.
     *
     * @throws CodecException if the other end never sent it
     */
    IncomingDefinition get(int id) {
        IncomingDefinition definition = byId.get(id);
        if (definition == null) {
            throw new CodecException("damaged message: it uses definition " + id + ", which was never sent");
        }
        return definition;
    }
}
