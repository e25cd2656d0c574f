// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.processional.spi.FrameHandler;
import org.processional.spi.PollableConnection;

/** Two threads send two frames each while a third makes room: all arrive, each thread's in its order, none stays. */
@JCStressTest
@Outcome(id = "4, 1", expect = ACCEPTABLE, desc = "all were written, in order")
@Outcome(expect = FORBIDDEN, desc = "a frame was lost, doubled, or out of order")
@State
public class CombiningWriterRaces {
    /** Takes frames of one byte; has no room for the second one until somebody makes it. Written by one at a time. */
    private static final class Narrow implements PollableConnection {
        private final byte[] taken = new byte[16];
        private int count;
        private volatile boolean room;

        @Override
        public boolean offer(ByteBuffer frame) {
            if (count == 1 && !room) {
                return false;
            }
            taken[count++] = frame.get();
            return true;
        }

        @Override
        public boolean flushNow() {
            return true;
        }

        @Override
        public int poll(FrameHandler handler) {
            return 0;
        }

        @Override
        public int receive(FrameHandler handler, Duration wait) {
            return 0;
        }

        @Override
        public void send(ByteBuffer frame) {
            offer(frame);
        }

        @Override
        public void flush() {
            flushNow();
        }

        @Override
        public int maxFrameBytes() {
            return 1;
        }

        @Override
        public String peer() {
            return "narrow";
        }

        @Override
        public void close() {
            room = true;
        }
    }

    private final Narrow connection = new Narrow();
    private final CombiningWriter writer = new CombiningWriter(connection);

    private void send(int first) {
        try {
            writer.send(ByteBuffer.wrap(new byte[] {(byte) first}), false);
            writer.send(ByteBuffer.wrap(new byte[] {(byte) (first + 1)}), false);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void resume() {
        try {
            writer.resume();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One sender. */
    @Actor
    public void one() {
        send(1);
    }

    /** Another, which makes room afterwards. */
    @Actor
    public void two() {
        send(11);
        connection.room = true;
        resume();
    }

    /** The one who is told of room comes once more, as it does while the writer is stalled. */
    @Arbiter
    public void end(II_Result result) {
        while (writer.isStalled()) {
            resume();
        }
        result.r1 = connection.count;
        result.r2 = before(1, 2) && before(11, 12) && writer.backlogBytes() == 0 ? 1 : 0;
    }

    private boolean before(int first, int second) {
        int seen = -1;
        for (int i = 0; i < connection.count; i++) {
            if (connection.taken[i] == first) {
                seen = i;
            } else if (connection.taken[i] == second) {
                return seen >= 0;
            }
        }
        return false;
    }
}
