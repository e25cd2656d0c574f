// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.processional.CodecException;
import org.processional.spi.Definition;

/**
 * The definitions of this end of a session.
 *
 * <p><b>Threads:</b> from any thread.
 */
final class Outgoing {
    /** How many definitions an end takes; a peer that needs more describes something new with every call. */
    static final int MAX_DEFINITIONS = 1 << 20;

    /** How many bytes one has at most, such as all the names in the shape of a lambda. */
    static final int MAX_DEFINITION_BYTES = 1 << 20;

    /** How many they have together: the other end keeps them for the life of the connection. */
    static final long MAX_BYTES = 128 << 20;

    private final IntTable<Entry> byKey = new IntTable<>(MAX_DEFINITIONS);
    private final AtomicInteger ids = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong(); // of the definitions that were made

    /** A definition and its number. */
    static final class Entry implements Definition {
        final int id;
        private final byte[] bytes;
        private volatile boolean sent; // false to true, by the thread that queued the frame

        Entry(int id, byte[] bytes) {
            this.id = id;
            this.bytes = bytes;
        }

        boolean isSent() {
            return sent;
        }

        @Override
        public ByteBuffer bytes() {
            return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
        }

        @Override
        public void sent() {
            sent = true;
        }
    }

    /** The definition of something: the known one, or a new one. */
    Entry of(Described described) {
        Entry known = byKey.get(described.key());
        return known != null ? known : add(described);
    }

    /** Two threads may number the same thing; one number is used, and the other one never appears. */
    private Entry add(Described described) {
        int id = ids.getAndIncrement();
        Entry entry = new Entry(id, described.definition(id));
        int length = entry.bytes.length;
        if (length > MAX_DEFINITION_BYTES || bytes.get() + length > MAX_BYTES) {
            throw new CodecException("a definition of " + length + " bytes, beside " + bytes.get()
                    + " of others: a connection has at most " + MAX_BYTES + ", and " + MAX_DEFINITION_BYTES
                    + " for each; open a new one");
        }
        bytes.addAndGet(length);
        return byKey.putIfAbsent(described.key(), entry);
    }
}
