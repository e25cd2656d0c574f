// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.nio.ByteBuffer;
import org.processional.spi.FrameOutput;

/**
 * The header of every frame, and the kinds of frames.
 *
 * <pre>
 *  0: version u8 | 1: kind u8 | 2: flags u16 | 4: generation i32
 *  8: ticket i64
 * 16: chain i64
 * 24: deadline i64, microseconds left, 0 for none
 * 32: number i32 | 36: bytes of the whole frame i32
 * 40: body
 * </pre>
 *
 * big-endian. The ticket names a request in the table of who sent it; the answer carries it back. The chain is a
 * number that all requests share which were sent while the one before them ran ({@link Chains}), or 0. The generation is that
 * of the HELLO in all frames of a connection: it counts the processes of a slave that is restarted, so that an answer of an
 * earlier one is never taken for another's. The number counts the frames of a connection in one direction, from 1 after the
 * greeting; it and the length are written when the frame is sent, and tell who receives it that the transport has lost,
 * repeated or shortened one. A sender that does not count writes 0.
 *
 * <p><b>Threads:</b> stateless.
 */
final class Frames {
    static final int VERSION = 1;
    static final int HEADER_BYTES = 40;

    private static final int KIND = 1;
    private static final int FLAGS = 2;
    private static final int GENERATION = 4;
    private static final int TICKET = 8;
    private static final int CHAIN = 16;
    private static final int DEADLINE = 24;
    private static final int NUMBER = 32;
    private static final int LENGTH = 36;

    /** Handshake. */
    static final int HELLO = 1;

    static final int WELCOME = 2;
    static final int REFUSED = 3;

    /** An entry of the session dictionary; body: as the codec has it. */
    static final int DEFINE = 4;

    /** Runs a function on the main thread, or beside it; body: the object and the name if flagged, then the function. */
    static final int INVOKE = 5;

    static final int THREAD = 6;

    /** Answers; body: the result, or the number of the kept object; or the failure. */
    static final int RESULT = 7;

    static final int FAILURE = 8;

    /** Concerns the request of the same ticket; no body. */
    static final int CANCEL = 9;

    static final int INTERRUPT = 10;

    /** Gives a proxy up; body: number of the object i64, how often it was received i32. */
    static final int RELEASE = 11;

    /** Requests about names; body: the name, or nothing. */
    static final int NAMED = 12;

    static final int NAMES = 13;
    static final int REMOVE = 14;

    /** Requests about the life of the process; no body. */
    static final int DETACH = 15;

    static final int PERSIST = 16;
    static final int STOP = 17;

    /** Asks whether shared memory can be opened here; body: the question, answered by "1" or "". */
    static final int SEES = 18;

    /** The result of the request of the same ticket was read, and the proxies in it have arrived; no body. */
    static final int RECEIVED = 19;

    /** Counts a proxy that came from a third process; body: number of the object i64, answered by the number, as KEEP. */
    static final int RETAIN = 20;

    /** Who sent the request of the same ticket waits for it now, as if it had been AWAITED; no body. */
    static final int AWAITS = 21;

    /** Asks what code there is under a name of a resource; body: the name, answered by a manifest. */
    static final int MANIFEST = 22;

    /** Asks for code that a manifest has named; body: the hashes, answered by the contents. */
    static final int CONTENT = 23;

    /** What the request of the same ticket was doing when its time was over; body: a description, as in FAILURE. */
    static final int DOING = 24;

    /** Somebody calls System.exit, and the process ends; body: as {@link Farewell} has it. */
    static final int FAREWELL = 28;

    /** Asks for a sign of life, which whoever reads gives at once: a PONG; neither has a body. */
    static final int PING = 29;

    static final int PONG = 30;

    /** Asks what this process is doing; no body, answered by a status. */
    static final int STATUS = 32;

    /** What a slave logs, for the log of its master; its ticket is that of the request that logs it; see {@link LogBody}. */
    static final int RECORD = 33;

    /** Asks for RECORDs from now on: before that, its sender reads a greeting, and nothing may follow it; no body. */
    static final int LISTENS = 34;

    /** Asks to read now what refers to memory of its sender, who ends; no body. */
    static final int READ = 35;

    /** Of HELLO: who connects is a visitor, whose coming and leaving makes no difference. */
    static final int VISITOR = 1;

    /** Of HELLO: two processes are connected by a third, and neither lives because of the other. */
    static final int TIE = 2;

    /** Of INVOKE: keep the result here, and answer with its number. */
    static final int KEEP = 1;

    /** Of INVOKE with KEEP: the function is preceded by a name. */
    static final int NAME = 2;

    /** Of INVOKE and THREAD: the body begins with the number of the object i64 that the function is called on. */
    static final int OBJECT = 4;

    /** Of INVOKE, THREAD, RESULT and FAILURE: the body refers to proxies, and {@link Cargo} is behind it. */
    static final int CARRIES = 8;

    /** Of the same: the body refers to shared memory, which may go with the connection; the same is behind it. */
    static final int SHARES = 128;

    /** Of requests: who sent it waits for the answer, so that it may overtake what is queued in its chain. */
    static final int AWAITED = 16;

    /** Of INVOKE and THREAD: who sent it gives the classes that are missing here. */
    static final int SHIPS = 32;

    /** Of INVOKE and THREAD that ship: what was missing at the sender before, it may have now. */
    static final int NEW_CODE = 64;

    /** Of CANCEL: interrupt it if it runs. */
    static final int MAY_INTERRUPT = 1;

    /** Of CANCEL: its time is over; tell what it is doing. */
    static final int TELL = 2;

    /** Of FAILURE: it was dequeued, or interrupted by request. */
    static final int WAS_CANCELLED = 1;

    static final int WAS_INTERRUPTED = 2;

    /** Of RESULT and FAILURE: the function was asked to stop before it ended. */
    static final int WAS_ASKED = 16;

    private Frames() {}

    static void begin(FrameOutput out, int kind, int flags, int generation, long ticket, long chain) {
        out.clear();
        out.room(HEADER_BYTES)
                .put((byte) VERSION)
                .put((byte) kind)
                .putShort((short) flags)
                .putInt(generation)
                .putLong(ticket)
                .putLong(chain)
                .putLong(0)
                .putLong(0);
    }

    /** Numbers a whole frame that is about to be sent, by the one thread that sends. */
    static void number(ByteBuffer frame, int number) {
        frame.putInt(frame.position() + NUMBER, number);
        frame.putInt(frame.position() + LENGTH, frame.remaining());
    }

    static int number(ByteBuffer frame) {
        return frame.getInt(frame.position() + NUMBER);
    }

    /** How long the frame was when it was sent; 0 if its sender did not say. */
    static int length(ByteBuffer frame) {
        return frame.getInt(frame.position() + LENGTH);
    }

    /** Puts the ticket into a header that was begun, when it is known. */
    static void ticket(FrameOutput out, long ticket) {
        out.room(0).putLong(TICKET, ticket);
    }

    /** Puts the time that is left into a header that was begun. */
    static void deadline(FrameOutput out, long microsLeft) {
        out.room(0).putLong(DEADLINE, microsLeft);
    }

    /** Adds flags to a header that was begun. */
    static void addFlags(FrameOutput out, int flags) {
        ByteBuffer frame = out.room(0);
        frame.putShort(FLAGS, (short) (frame.getShort(FLAGS) | flags));
    }

    /** Whether there are proxies in a frame that was begun. */
    static boolean carries(FrameOutput out) {
        return (out.room(0).getShort(FLAGS) & CARRIES) != 0;
    }

    static int version(ByteBuffer frame) {
        return frame.get(frame.position()) & 0xff;
    }

    static int kind(ByteBuffer frame) {
        return frame.get(frame.position() + KIND) & 0xff;
    }

    static int flags(ByteBuffer frame) {
        return frame.getShort(frame.position() + FLAGS) & 0xffff;
    }

    static int generation(ByteBuffer frame) {
        return frame.getInt(frame.position() + GENERATION);
    }

    static long ticket(ByteBuffer frame) {
        return frame.getLong(frame.position() + TICKET);
    }

    static long chain(ByteBuffer frame) {
        return frame.getLong(frame.position() + CHAIN);
    }

    static long deadline(ByteBuffer frame) {
        return frame.getLong(frame.position() + DEADLINE);
    }

    /** Whether a kind is that of an answer or acknowledgement: what an earlier connection left is nobody's, and harmless. */
    static boolean isAnswer(int kind) {
        return kind == RESULT || kind == FAILURE || kind == RECEIVED || kind == DOING || kind == PONG;
    }

    /** The bytes behind the header: a copy, or the frame itself if it may be kept. */
    static ByteBuffer body(ByteBuffer frame, boolean owned) {
        frame.position(frame.position() + HEADER_BYTES);
        if (owned) {
            return frame;
        }
        byte[] copy = new byte[frame.remaining()];
        frame.get(copy);
        return ByteBuffer.wrap(copy);
    }
}
