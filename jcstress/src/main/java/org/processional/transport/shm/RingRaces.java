// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.shm;

import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.processional.spi.FrameHandler;
import org.processional.spi.PollableConnection;

/** The two ends of a ring, in one process. Two actors each: more do not run on two processors. */
final class RingRaces {
    private static final int RING_BYTES = RingFormat.LEAST_RING_BYTES;

    private RingRaces() {}

    /** A ring, and who hears its bells. */
    abstract static class Ring implements PollableConnection {
        private final ByteBuffer memory =
                ByteBuffer.allocate((int) RingFormat.fileBytes(RING_BYTES)).order(ByteOrder.nativeOrder());
        private final Bell bell = new Bell(this);
        final RingWriter writer = new RingWriter(memory, 0, RING_BYTES, "stress", bell);
        final RingReader reader = new RingReader(memory, 0, RING_BYTES, "stress", bell);
        volatile boolean rung; // by who rings

        /** Writes a frame of 16 bytes which says the same twice. */
        final void write(long value) {
            try {
                ByteBuffer claimed = writer.claim(2 * Long.BYTES);
                if (claimed == null) {
                    throw new IllegalStateException("no room");
                }
                claimed.putLong(0, value).putLong(Long.BYTES, value);
                writer.commit(claimed);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        /** What a frame says, if it says it twice. */
        static int value(ByteBuffer frame) {
            long first = frame.getLong();
            return frame.getLong() == first ? (int) first : 100;
        }

        final void read(FrameHandler handler) {
            try {
                reader.poll(handler);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public boolean offer(ByteBuffer frame) {
            rung = true;
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
        public void send(ByteBuffer frame) {}

        @Override
        public void flush() {}

        @Override
        public int maxFrameBytes() {
            return 1;
        }

        @Override
        public String peer() {
            return "stress";
        }

        @Override
        public void close() {}
    }

    /** Two threads write: both frames arrive, whole, and each once. */
    @JCStressTest
    @Outcome(id = "2, 3", expect = Expect.ACCEPTABLE, desc = "both arrived whole")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a frame was lost, torn or doubled")
    @State
    public static class WriteAndWrite extends Ring {
        private int frames; // arbiter
        private int sum; // the same

        @Actor
        public void one() {
            write(1);
        }

        @Actor
        public void two() {
            write(2);
        }

        @Arbiter
        public void end(II_Result r) {
            read((frame, owned) -> {
                frames++;
                sum += value(frame);
            });
            r.r1 = frames;
            r.r2 = sum;
        }
    }

    /** One writes while the other end reads: both frames arrive, whole, and each once. */
    @JCStressTest
    @Outcome(id = "2, 3", expect = Expect.ACCEPTABLE, desc = "both arrived whole")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a frame was lost, torn or doubled")
    @State
    public static class WriteAndRead extends Ring {
        private int frames; // reader, then the arbiter
        private int sum;

        @Actor
        public void write() {
            write(1);
            write(2);
        }

        @Actor
        public void read() {
            for (int i = 0; i < 4; i++) {
                read(this::take);
            }
        }

        @Arbiter
        public void rest(II_Result r) {
            read(this::take);
            r.r1 = frames;
            r.r2 = sum;
        }

        private void take(ByteBuffer frame, boolean owned) {
            frames++;
            sum += value(frame);
        }
    }

    /** A frame comes while the reader goes to sleep: it sees the frame, or the bell is rung for it. */
    @JCStressTest
    @Outcome(
            id = {"0, 1", "1, 0", "1, 1"},
            expect = Expect.ACCEPTABLE,
            desc = "the frame was seen or the bell rung")
    @Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "the wake-up was lost")
    @State
    public static class WriteAndSleep extends Ring {
        @Actor
        public void write() {
            write(1);
        }

        @Actor
        public void sleep(II_Result r) {
            reader.sleeps();
            VarHandle.fullFence();
            r.r2 = reader.hasRecord() ? 1 : 0;
        }

        @Arbiter
        public void end(II_Result r) {
            r.r1 = rung ? 1 : 0;
        }
    }

    /** Room is made while a writer goes to sleep for it: it sees the room, or the bell is rung for it. */
    @JCStressTest
    @Outcome(
            id = {"0, 1", "1, 0", "1, 1"},
            expect = Expect.ACCEPTABLE,
            desc = "the room was seen or the bell rung")
    @Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "the wake-up was lost")
    @State
    public static class ReadAndWantRoom extends Ring {
        /** The ring is more than half full. */
        public ReadAndWantRoom() {
            while (writer.hasRoom()) {
                write(1);
            }
        }

        @Actor
        public void read() {
            read((frame, owned) -> {});
        }

        @Actor
        public void sleep(II_Result r) {
            writer.wantRoom();
            VarHandle.fullFence();
            r.r2 = writer.hasRoom() ? 1 : 0;
        }

        @Arbiter
        public void end(II_Result r) {
            r.r1 = rung ? 1 : 0;
        }
    }
}
