// SPDX-License-Identifier: Apache-2.0
package org.processional.bench;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/**
 * Raw bytes through a mapped file: so many go to another JVM and so many come back, both ends spin. With 64 bytes the
 * limit of calls over shared memory.
 *
 * <p><b>Threads:</b> one thread uses it.
 */
final class MappedPingPong implements Way {
    private static final int BYTES = 64;

    /** Long enough never to sleep within a run, short enough to be asleep when others are measured. */
    private static final long SPIN_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final MappedLine line;
    private final ByteBuffer there;
    private final ByteBuffer back;
    private long number;

    private MappedPingPong(Pair pair, int bytesThere, int bytesBack) throws Exception {
        there = ByteBuffer.allocateDirect(bytesThere);
        back = ByteBuffer.allocateDirect(bytesBack);
        line = MappedLine.open(
                pair, "shm", SPIN_NANOS, Math.max(bytesThere, bytesBack), new Copies(bytesThere, bytesBack));
    }

    /** 64 bytes each way. */
    static Way single(Pair pair) throws Exception {
        return new MappedPingPong(pair, BYTES, BYTES);
    }

    /** Other numbers of bytes. */
    static Way bulk(Pair pair, int bytesThere, int bytesBack) throws Exception {
        return new MappedPingPong(pair, bytesThere, bytesBack);
    }

    @Override
    public long step() {
        there.putLong(0, ++number);
        line.outgoing().put(0, there, 0, there.capacity());
        line.send();
        line.receive();
        back.put(0, line.incoming(), 0, back.capacity());
        return back.getLong(0);
    }

    @Override
    public void close() {
        line.close();
    }

    /** The other end: copies out what it receives, and back from there. */
    private static final class Copies implements MappedLine.Answer {
        private static final long serialVersionUID = 1;

        private final int bytesThere;
        private final int bytesBack;
        private transient byte[] copy = {};

        Copies(int bytesThere, int bytesBack) {
            this.bytesThere = bytesThere;
            this.bytesBack = bytesBack;
        }

        @Override
        public void answer(ByteBuffer incoming, ByteBuffer outgoing) {
            if (copy == null || copy.length == 0) { // null where it has been read from a stream
                copy = new byte[Math.max(bytesThere, bytesBack)];
            }
            incoming.get(0, copy, 0, bytesThere);
            outgoing.put(0, copy, 0, bytesBack);
        }
    }
}
