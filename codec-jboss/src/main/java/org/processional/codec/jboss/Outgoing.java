// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.processional.spi.Definition;

/**
 * The definitions of this end of a session.
 *
 * <p><b>Threads:</b> from any thread.
 */
final class Outgoing {
    /** How many definitions an end takes; a peer that needs more describes something new with every call. */
    static final int MAX_DEFINITIONS = 1 << 20;

    private final IntTable<Entry> byKey = new IntTable<>(MAX_DEFINITIONS);
    private final AtomicInteger ids = new AtomicInteger();

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
        return byKey.putIfAbsent(described.key(), entry);
    }
}
