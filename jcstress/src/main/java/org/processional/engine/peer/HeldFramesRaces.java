// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Frames that were held, and those who flush them: who has held one and flushes has it sent, or the writer is stalled. */
final class HeldFramesRaces {
    private HeldFramesRaces() {}

    /** A writer over a connection. */
    abstract static class Held {
        final StressConnection connection;
        final CombiningWriter writer;

        Held(boolean room) {
            connection = new StressConnection(room);
            writer = new CombiningWriter(connection);
        }

        final void send(boolean hold) {
            try {
                writer.send(ByteBuffer.wrap(new byte[1]), hold);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        final void flush() {
            try {
                writer.flush();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        final void makeRoom() {
            connection.room = true;
            resume();
        }

        private void resume() {
            try {
                writer.resume();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        /** Who is told of room comes as long as the writer is stalled, and for nothing else. */
        final void look(II_Result r) {
            while (writer.isStalled()) {
                resume();
            }
            r.r1 = connection.flushed();
            r.r2 = writer.isHolding() || writer.backlogBytes() != 0 ? 1 : 0;
        }
    }

    /** Two threads hold a frame each, and flush. */
    @JCStressTest
    @Outcome(id = "2, 0", expect = Expect.ACCEPTABLE, desc = "both were sent")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a frame is held, and nobody will send it")
    @State
    public static class TwoHoldAndFlush extends Held {
        /** With room. */
        public TwoHoldAndFlush() {
            super(true);
        }

        @Actor
        public void one() {
            send(true);
            flush();
        }

        @Actor
        public void two() {
            send(true);
            flush();
        }

        @Arbiter
        public void end(II_Result r) {
            look(r);
        }
    }

    /** One holds a frame and flushes; another sends one that cannot wait, then makes room, of which there was none. */
    @JCStressTest
    @Outcome(id = "2, 0", expect = Expect.ACCEPTABLE, desc = "both were sent")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a frame stays, and nobody is told of room")
    @State
    public static class HoldAndStall extends Held {
        /** Without room. */
        public HoldAndStall() {
            super(false);
        }

        @Actor
        public void one() {
            send(true);
            flush();
        }

        @Actor
        public void two() {
            send(false);
            makeRoom();
        }

        @Arbiter
        public void end(II_Result r) {
            look(r);
        }
    }
}
