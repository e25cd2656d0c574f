// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.processional.Limits;
import org.processional.Waiting;
import org.processional.engine.task.SpinBudget;
import org.processional.spi.Address;
import org.processional.spi.Codec;
import org.processional.spi.CodecProvider;
import org.processional.spi.Connection;
import org.processional.spi.FrameOutput;
import org.processional.spi.InputFilter;
import org.processional.spi.Listener;
import org.processional.spi.PollableConnection;
import org.processional.spi.PollableTransport;
import org.processional.spi.Substitution;
import org.processional.spi.WaitSet;

/**
 * Senders that find no room ask for it, while who reads writes on and takes the question back: in the end everything was
 * sent, or the wait set still looks for room.
 */
@JCStressTest
@Outcome(id = "2, 1", expect = Expect.ACCEPTABLE, desc = "all was sent, now or when there was room")
@Outcome(expect = Expect.FORBIDDEN, desc = "a frame stays, and nobody looks for room")
@State
public class RoomRaces {
    private static final int MOST_ROUNDS = 10;

    private final Rooms rooms = new Rooms();
    private final StressConnection connection = new StressConnection(false);
    private final FrameSender sender;

    /** Two ends without a process behind them. */
    public RoomRaces() {
        try {
            Reading reading = new Reading(rooms, new SpinBudget(Waiting.PARK));
            Handshake.Partner partner = new Handshake.Partner("stress", 1, 1, new NoCodec(), 0, Handshake.Role.CLIENT);
            sender = new FrameSender(new Peer(connection, reading, new Nobody(), partner), connection, reading);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void send() {
        FrameOutput out = new FrameOutput(Frames.HEADER_BYTES, Frames.HEADER_BYTES);
        Frames.begin(out, Frames.PONG, 0, 0, 0, 0);
        sender.send(List.of(), out, false);
    }

    /** Sends. */
    @Actor
    public void one() {
        send();
    }

    /** Sends too, and is who reads; there is room from now on. */
    @Actor
    public void reader() {
        send();
        sender.resume();
        connection.room = true;
        sender.resume();
    }

    /** Who waits in the set comes as long as it looks for room. */
    @Arbiter
    public void end(II_Result r) {
        for (int round = 0; rooms.wanted && round < MOST_ROUNDS; round++) {
            sender.resume();
        }
        r.r1 = connection.flushed();
        r.r2 = rooms.wanted || sender.isStalled() ? 0 : 1;
    }

    /** A wait set that remembers whether it looks for room. */
    private static final class Rooms implements PollableTransport, WaitSet {
        volatile boolean wanted;

        @Override
        public WaitSet openWaitSet() {
            return this;
        }

        @Override
        public void writable(PollableConnection connection, boolean room) {
            wanted = room;
        }

        @Override
        public void add(PollableConnection connection) {}

        @Override
        public void add(Listener listener) {}

        @Override
        public void remove(PollableConnection connection) {}

        @Override
        public void await(long nanos) {}

        @Override
        public boolean isReady(Object member) {
            return true;
        }

        @Override
        public void wakeUp() {}

        @Override
        public void close() {}

        @Override
        public String scheme() {
            return "stress";
        }

        @Override
        public int priority() {
            return -1;
        }

        @Override
        public Address freshAddress() {
            return Address.parse("stress:none");
        }

        @Override
        public Listener listen(Address address) throws IOException {
            throw new IOException("nobody connects");
        }

        @Override
        public Connection connect(Address address, Duration wait) throws IOException {
            throw new IOException("nobody listens");
        }
    }

    /** Nothing is encoded here. */
    private static final class NoCodec implements CodecProvider {
        @Override
        public String name() {
            return "none";
        }

        @Override
        public int priority() {
            return -1;
        }

        @Override
        @SuppressWarnings("NullAway") // nobody asks for it
        public Codec open(Substitution substitution, InputFilter filter) {
            return null;
        }
    }

    /** Nothing is asked here. */
    private static final class Nobody implements Requests {
        @Override
        public void add(Request request) {}

        @Override
        public void beside(Request request) {}

        @Override
        public void offerTo(Chains.Member member) {}

        @Override
        public void about(Peer peer, long ticket, int kind, int flags) {}

        @Override
        public void ended(Request request) {}

        @Override
        public void lost(Peer peer, Throwable why) {}

        @Override
        public Throwable explain(Peer peer, Throwable why) {
            return why;
        }

        @Override
        public Control control() {
            throw new IllegalStateException("nothing is asked here");
        }

        @Override
        public ClassLoader loader(Exports.@Nullable Entry entry) {
            return ClassLoader.getSystemClassLoader();
        }

        @Override
        public Policy policy() {
            return Policy.of(false, InputFilter.none(), Limits.defaults());
        }

        @Override
        public CodeOffer offer() {
            throw new IllegalStateException("nothing is asked here");
        }

        @Override
        public @Nullable Home home() {
            return null;
        }
    }
}
