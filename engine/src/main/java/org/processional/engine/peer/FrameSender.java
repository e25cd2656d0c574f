// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.processional.spi.Connection;
import org.processional.spi.Definition;
import org.processional.spi.FrameOutput;
import org.processional.spi.PollableConnection;

/**
 * The sending side of a connection: buffers for frames, and the way of what there is no room for. Over a connection that
 * can be polled nobody waits here, and who reads writes the rest; over another, only who may wait does.
 *
 * <p>What cannot be sent is no end yet: mostly the other end has closed the connection, or died, and what it sent before that is
 * still there, its answers and its farewell. So whoever reads is called to read that, which ends the connection; nothing
 * is sent meanwhile.
 *
 * <p><b>Threads:</b> from any thread; {@code resume} by the holder of the reading role.
 */
final class FrameSender {
    /** A frame of this size or less is worth keeping its buffer. */
    private static final int KEPT_BUFFER_BYTES = 1 << 16;

    /** Who sends more than this many bytes that the other end does not take waits for room. */
    private static final long BACKLOG_BYTES = 4 << 20;

    private final Peer peer;
    private final Connection connection;
    private final @Nullable Reading reading; // null: the connection cannot be polled
    private final @Nullable CombiningWriter writer; // null as above
    private final @Nullable BlockingWriter blocking; // null if it can be polled
    private final AtomicReference<@Nullable FrameOutput> spare = new AtomicReference<>();
    private volatile boolean roomWanted; // written by who stalls or resumes
    private volatile @Nullable IOException failure; // why nothing can be sent any more; written by who finds out

    FrameSender(Peer peer, Connection connection, @Nullable Reading reading) {
        this.peer = peer;
        this.connection = connection;
        this.reading = reading;
        FrameCounter counter = new FrameCounter();
        this.writer = reading == null ? null : new CombiningWriter((PollableConnection) connection, counter::count);
        this.blocking = reading == null ? new BlockingWriter(connection, counter, peer::roomMade, peer::lost) : null;
    }

    /** An empty frame. */
    FrameOutput output() {
        FrameOutput out = spare.getAndSet(null);
        return out == null ? new FrameOutput(512, connection.maxFrameBytes()) : out;
    }

    /**
     * Sends a frame behind the definitions that its body needs.
     *
     * @param hold whether it can wait for others, a little: nobody waits for what comes of it
     */
    void send(List<Definition> definitions, FrameOutput out, boolean hold) {
        try {
            sendAll(definitions, out, hold);
        } catch (IOException | RuntimeException | Error e) {
            failed(e);
        }
    }

    private void sendAll(List<Definition> definitions, FrameOutput out, boolean hold) throws IOException {
        for (int i = 0; i < definitions.size(); i++) {
            Definition definition = definitions.get(i);
            send(frame(definition), false);
            definition.sent();
        }
        send(out, hold);
    }

    /** Why nothing can be sent any more; null if it can. */
    @Nullable
    IOException failure() {
        return failure;
    }

    private void failed(Throwable why) {
        Reading from = reading;
        if (from == null || !(why instanceof IOException cannot)) {
            peer.lost(why); // its reader may sleep in a call that nobody can end, or a frame be half written
        } else if (failure == null) {
            failure = cannot;
            from.wantRoom(peer); // there will be none, and whoever waits for data is woken for that
        }
    }

    private FrameOutput frame(Definition definition) {
        ByteBuffer bytes = definition.bytes();
        FrameOutput frame = new FrameOutput(Frames.HEADER_BYTES + bytes.remaining(), connection.maxFrameBytes());
        Frames.begin(frame, Frames.DEFINE, 0, peer.generation(), 0, 0);
        frame.room(bytes.remaining()).put(bytes);
        return frame;
    }

    private void send(FrameOutput out, boolean hold) throws IOException {
        if (failure != null) {
            return; // a frame was lost: one behind it would be out of turn
        }
        CombiningWriter to = writer;
        Reading from = reading;
        boolean free = true;
        if (to != null && from != null) {
            free = to.send(out.frame(), hold);
            if (hold && to.isHolding() && !from.looksAfterHeld()) {
                to.flush();
                from.lookAfterHeld(); // from now on
            }
            askForRoom();
        } else if (blocking != null) {
            blocking.send(out.frame());
        }
        if (free && out.size() <= KEPT_BUFFER_BYTES) {
            spare.setRelease(out);
        }
    }

    /** Sends a frame behind its definitions from a thread that others wait for: it never waits for the other end. */
    void leave(List<Definition> definitions, FrameOutput out, boolean hold) {
        BlockingWriter to = blocking;
        if (to == null) {
            send(definitions, out, hold);
            return;
        }
        try {
            for (Definition definition : definitions) {
                to.leave(frame(definition).frame());
                definition.sent();
            }
            to.leave(out.frame());
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    /** Whether frames wait for others. */
    boolean isHolding() {
        return writer != null && writer.isHolding();
    }

    /** Sends what waits for others. */
    void flush() {
        if (writer == null || failure != null) {
            return;
        }
        try {
            writer.flush();
            askForRoom();
        } catch (IOException | RuntimeException | Error e) {
            failed(e);
        }
    }

    private void askForRoom() {
        Reading from = reading;
        if (from != null && isStalled() && !roomWanted) {
            roomWanted = true;
            from.wantRoom(peer);
            if (!roomWanted) { // who reads has written on and taken the question back, before it was asked
                takeBack(from);
            }
        }
    }

    /** Does not ask for room any more, unless somebody needs it; else the wait set would find room for ever. */
    private void takeBack(Reading from) {
        from.writable(peer, false);
        while (isStalled()) { // by somebody who asked for room before the line above
            roomWanted = true;
            from.wantRoom(peer);
            if (roomWanted) {
                return;
            }
            from.writable(peer, false);
        }
    }

    /** Sends what has waited for others that did not come. */
    void flushOld() {
        if (writer == null || failure != null) {
            return;
        }
        try {
            writer.flushOld();
            askForRoom();
        } catch (IOException | RuntimeException | Error e) {
            failed(e);
        }
    }

    private long backlogBytes() {
        if (writer != null) {
            return writer.backlogBytes();
        }
        return blocking == null ? 0 : blocking.backlogBytes();
    }

    /** The connection has ended. */
    void close() {
        if (blocking != null) {
            blocking.close();
        }
    }

    /** Whether somebody must wait for room to go on. */
    boolean isStalled() {
        return writer != null && writer.isStalled();
    }

    /** Whether all that was sent is on its way, or nothing can be sent any more. */
    boolean isEmpty() {
        try {
            return failure != null || (writer == null || writer.isEmpty()) && (blocking == null || blocking.isEmpty());
        } catch (IOException | RuntimeException | Error e) {
            failed(e);
            return true;
        }
    }

    /** Whether the other end has taken so much that more can be sent. */
    boolean hasRoom() {
        return backlogBytes() <= BACKLOG_BYTES;
    }

    /** Whether there is so much room that who waited for it can go on. */
    boolean hasMuchRoom() {
        return backlogBytes() <= BACKLOG_BYTES / 2;
    }

    /** Writes what could not be written before. */
    void resume() {
        CombiningWriter to = writer;
        Reading from = reading;
        if (to == null || from == null || !roomWanted || failure != null || !isResumed(to)) {
            return;
        }
        roomWanted = false;
        if (to.isStalled()) { // stalled again meanwhile, by somebody who saw roomWanted still set
            roomWanted = true;
            return;
        }
        takeBack(from);
    }

    private boolean isResumed(CombiningWriter to) {
        try {
            return to.resume();
        } catch (IOException | RuntimeException | Error e) {
            failed(e);
            return false;
        }
    }
}
