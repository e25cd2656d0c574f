// SPDX-License-Identifier: Apache-2.0
package org.processional.tck.faults;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.processional.spi.Connection;

/**
 * Does to the frames of one direction of a connection what a {@link Fault} says.
 *
 * <p><b>Threads:</b> the sender, or the receiver: one at a time.
 */
final class Mangler {
    /** How many frames in a row a delay meets. */
    private static final int DELAYED = 8;

    /** Where a frame of the engine has its number and its length, 8 bytes together. */
    private static final int COUNT_AT = 32;

    /** Where a frame of the engine has its kind, and the number of the request that it is about. */
    private static final int KIND_AT = 1;

    private static final int TICKET_AT = 8;

    private static final byte RESULT = 7;

    private final Fault fault;
    private final Connection connection;
    private int frames;
    private @Nullable ByteBuffer echo; // a result that is to come again
    private boolean echoed;

    /** Mangles one direction; the other one has a mangler of its own, with {@link Fault#NONE}. */
    Mangler(Fault fault, Connection connection) {
        this.fault = fault;
        this.connection = connection;
    }

    /**
     * What is to be sent or handed over in the place of a frame.
     *
     * @param frame the frame, which belongs to the mangler from now on
     * @throws IOException if the connection ends here
     */
    List<ByteBuffer> mangle(ByteBuffer frame) throws IOException {
        int at = frames++ - fault.frame();
        return switch (fault.kind()) {
            case NONE -> List.of(frame);
            case CUT -> {
                if (at >= 0) {
                    connection.close();
                    throw new IOException("cut by " + fault);
                }
                yield List.of(frame);
            }
            case SWALLOW -> {
                if (at == 0) {
                    cutLater();
                }
                yield at >= 0 ? List.of() : List.of(frame);
            }
            case DELAY -> {
                if (at >= 0 && at < DELAYED) {
                    LockSupport.parkNanos(this, fault.micros() * 1000L);
                }
                yield List.of(frame);
            }
            case FORGET -> List.of(frame);
            case FORGE -> at == 0 ? List.of(frame, uncounted(frame)) : List.of(frame);
            case ECHO -> at < 0 ? List.of(frame) : withEcho(frame);
            case DUPLICATE -> at == 0 ? List.of(frame, frame.duplicate()) : List.of(frame);
            case TRUNCATE -> List.of(at == 0 ? withoutEnd(frame) : frame);
            case SKIP -> {
                if (at == 0) {
                    cutLater(); // what follows tells that it was lost; perhaps nothing does
                }
                yield at == 0 ? List.of() : List.of(frame);
            }
        };
    }

    /** Whether the frame before is to stay where it is. */
    boolean forgets() {
        return fault.kind() == Fault.Kind.FORGET && frames == fault.frame() + 1;
    }

    /** A frame as from a sender that does not count; see docs/wire-format.md. */
    private static ByteBuffer uncounted(ByteBuffer frame) {
        ByteBuffer copy = FaultyConnection.copy(frame);
        return copy.remaining() < COUNT_AT + Long.BYTES ? copy : copy.putLong(copy.position() + COUNT_AT, 0);
    }

    /** The first result is remembered; the second has it as its forerunner, once. */
    private List<ByteBuffer> withEcho(ByteBuffer frame) {
        boolean isResult = frame.remaining() >= COUNT_AT && frame.get(frame.position() + KIND_AT) == RESULT;
        if (!isResult || echoed) {
            return List.of(frame);
        }
        ByteBuffer again = echo;
        if (again == null) {
            echo = uncounted(frame);
            return List.of(frame);
        }
        echoed = true;
        again.putLong(again.position() + TICKET_AT, frame.getLong(frame.position() + TICKET_AT));
        return List.of(again, frame);
    }

    private ByteBuffer withoutEnd(ByteBuffer frame) {
        int rest = frame.remaining() - 1 - fault.micros() % 7;
        return frame.limit(frame.position() + Math.max(0, rest));
    }

    private void cutLater() {
        Thread cutter = new Thread("fault-" + fault) {
            @Override
            public void run() {
                LockSupport.parkNanos(this, fault.micros() * 1000L);
                connection.close();
            }
        };
        cutter.setDaemon(true);
        cutter.start();
    }
}
