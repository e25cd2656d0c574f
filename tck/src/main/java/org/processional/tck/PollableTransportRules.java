// SPDX-License-Identifier: Apache-2.0
package org.processional.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.processional.spi.Connection;
import org.processional.spi.FrameHandler;
import org.processional.spi.LimitableConnection;
import org.processional.spi.Listener;
import org.processional.spi.PollableConnection;
import org.processional.spi.PollableTransport;
import org.processional.spi.WaitSet;

/**
 * What holds of every transport that can be polled, beside the {@link TransportRules}.
 *
 * <p><b>Threads:</b> JUnit's; every rule makes and ends its own connections and threads.
 *
 * @since 0.1
 */
public abstract class PollableTransportRules extends TransportRules {
    private static final FrameHandler IGNORE = (frame, owned) -> {};
    private static final long ENDLESS_BYTES = 1 << 30; // who has taken as much has no end to its room

    /** For subclasses. */
    protected PollableTransportRules() {}

    @Override
    protected abstract PollableTransport transport();

    private static PollableConnection client(Pair pair) {
        return (PollableConnection) pair.client();
    }

    private static PollableConnection server(Pair pair) {
        return (PollableConnection) pair.server();
    }

    /** A set that waits for both ends of a pair; what it is made for decides what kind of set it is. */
    private WaitSet set(PollableConnection... members) throws IOException {
        WaitSet set = transport().openWaitSet();
        for (PollableConnection member : members) {
            set.add(member);
        }
        return set;
    }

    /** Waits until a member is ready, some readiness before that being a hint that came to nothing. */
    private static void awaitReady(WaitSet set, Object member) throws IOException {
        long deadline = System.nanoTime() + Eventually.limit().toNanos();
        do {
            set.await(Eventually.limit().toNanos());
            assertThat(System.nanoTime() - deadline).as("ready in time").isNegative();
        } while (!set.isReady(member));
    }

    /** Polls until there are as many frames as lengths, waiting in the set. */
    private static void poll(WaitSet set, PollableConnection from, int... lengths) throws IOException {
        Frame.Inbox inbox = new Frame.Inbox(lengths);
        long deadline = System.nanoTime() + Eventually.limit().toNanos();
        while (inbox.size() < lengths.length) {
            set.await(Eventually.limit().toNanos());
            from.poll(inbox);
            assertThat(System.nanoTime() - deadline)
                    .as("%d frames came in time", inbox.size())
                    .isNegative();
        }
        inbox.check();
    }

    /** Fails unless some look finds a member not ready: readiness is a hint, and may come to nothing, but not always. */
    private static void assertNotReady(WaitSet set, Object member, String why) throws IOException {
        boolean ready = true;
        for (int i = 0; i < 10 && ready; i++) {
            set.await(0);
            ready = set.isReady(member);
        }
        assertThat(ready).as(why).isFalse();
    }

    /** The longest of some waits of 50 ms: one may end without a reason now and then, but not all. */
    private static long longestWait(WaitSet set) throws IOException {
        long longest = 0;
        for (int i = 0; i < 5 && longest < 49; i++) {
            long start = System.nanoTime();
            set.await(50_000_000);
            longest = Math.max(longest, millisSince(start));
        }
        return longest;
    }

    /**
     * Offers frames that count up from 0 until the peer, which takes nothing, leaves no room.
     *
     * @return how many were taken whole
     */
    private static int fill(PollableConnection connection, int frameBytes) throws IOException {
        long left = ENDLESS_BYTES;
        int number = 0;
        ByteBuffer frame = Frame.of(number, frameBytes);
        long refused = System.nanoTime(); // since when nothing was taken
        int refusals = 0;
        while (refusals < 200 || millisSince(refused) < 20) { // a refusal may be a whim; so many are not
            int before = frame.remaining();
            boolean whole = connection.offer(frame);
            int taken = before - frame.remaining();
            if (whole) {
                frame = Frame.of(++number, frameBytes);
            }
            refusals = whole || taken > 0 ? 0 : refusals + 1;
            refused = refusals == 0 ? System.nanoTime() : refused;
            left -= taken;
            assertThat(left).as("room, while nobody reads").isPositive();
            connection.flushNow();
        }
        return number;
    }

    @Override
    final void attend(Pair pair) throws IOException {
        try (WaitSet set = set(server(pair), client(pair))) {
            set.await(0);
        }
    }

    /** A frame for which there is no room at once is offered in parts, and arrives whole. */
    @Test
    public void t31_aFrameIsTakenInParts() throws Exception {
        int bytes = bytes(8 << 20);
        try (Pair pair = pair();
                WaitSet set = set(server(pair))) {
            Background<Integer> receiver = Background.start(() -> {
                poll(set, server(pair), bytes, 10);
                return 0;
            });
            ByteBuffer frame = Frame.of(0, bytes);
            long deadline = System.nanoTime() + Eventually.limit().toNanos();
            while (!client(pair).offer(frame)) {
                assertThat(frame.hasRemaining()).isTrue();
                assertThat(System.nanoTime() - deadline).as("taken in time").isNegative();
            }
            assertThat(frame.hasRemaining()).isFalse();
            client(pair).send(Frame.of(1, 10));
            client(pair).flush();
            assertThat(receiver.result()).isZero();
        }
    }

    /** offer refuses a frame beyond the limit, and takes nothing of it. */
    @Test
    public void t32_offerBeyondTheLimitIsRefused() throws Exception {
        try (Pair pair = pair();
                WaitSet set = set(server(pair))) {
            ByteBuffer tooLong = beyond(pair);
            assertThatThrownBy(() -> client(pair).offer(tooLong)).isInstanceOf(IllegalArgumentException.class);
            assertThat(tooLong.position()).isZero();
            Frame.send(pair.client(), Frame.of(0, 10));
            poll(set, server(pair), 10);
        }
    }

    /** offer and poll never wait, and an interrupt flag changes nothing. */
    @Test
    public void t33_nobodyWaitsInOfferAndPoll() throws Exception {
        try (Pair pair = pair()) {
            Background<Boolean> both = Background.start(() -> {
                Thread.currentThread().interrupt();
                assertThat(client(pair).poll(IGNORE)).isZero();
                fill(client(pair), bytes(100_000));
                return Thread.interrupted();
            });
            assertThat(both.result()).as("the flag is kept").isTrue();
            Background<Integer> looks = Background.start(
                    () -> { // an interrupt flag would end a wait
                        for (int i = 0; i < LOOKS; i++) {
                            assertThat(client(pair).poll(IGNORE)).isZero();
                        }
                        return 0;
                    });
            assertThat(looks.result()).isZero();
            Frame.send(pair.server(), Frame.of(0, 10));
            Frame.receive(pair.client(), 10);
            Background<Integer> offers = Background.start(() -> fill(server(pair), bytes(100_000)));
            assertThat(offers.result()).isNotNegative();
        }
    }

    /** As long as there is something to read, await returns at once; then no longer. */
    @Test
    public void t34_readinessIsLevelTriggered() throws Exception {
        try (Pair pair = pair();
                WaitSet set = set(server(pair), client(pair))) {
            Frame.send(pair.client(), Frame.of(0, 10));
            for (int i = 0; i < 3; i++) {
                awaitReady(set, pair.server());
                assertNotReady(set, pair.client(), "nothing came for this one");
            }
            poll(set, server(pair), 10);
            assertNotReady(set, pair.server(), "all was read");
        }
    }

    /** wakeUp ends the wait that is on. */
    @Test
    public void t35_wakeUpEndsAWait() throws Exception {
        try (Pair pair = pair();
                WaitSet set = set(server(pair))) {
            for (int i = 0; i < rounds(200); i++) {
                Background<Integer> waiter = Background.start(() -> {
                    set.await(Long.MAX_VALUE);
                    return 0;
                });
                waiter.awaitWaiting();
                set.wakeUp();
                assertThat(waiter.result()).isZero();
            }
        }
    }

    /** wakeUp before await ends the next wait at once, and only that one. */
    @Test
    public void t36_wakeUpBeforeAwaitEndsTheNextWait() throws Exception {
        try (Pair pair = pair();
                WaitSet set = set(server(pair))) {
            set.await(0); // who adds may wake as well
            set.wakeUp();
            set.wakeUp();
            Background<Long> waiter = Background.start(() -> {
                set.await(Long.MAX_VALUE);
                return longestWait(set);
            });
            assertThat(waiter.result()).isGreaterThanOrEqualTo(49);
        }
    }

    /** A listener is ready when somebody wants to connect. */
    @Test
    public void t37_aListenerIsReadyWhenSomebodyConnects() throws Exception {
        try (Listener listener = transport().listen(address());
                WaitSet set = transport().openWaitSet()) {
            set.add(listener);
            assertNotReady(set, listener, "nobody connects");
            Background<Connection> connecting = connecting(listener.address());
            awaitReady(set, listener);
            try (Connection server = accept(listener);
                    Connection client = connecting.result()) {
                Frame.send(client, Frame.of(0, 10));
                Frame.receive(server, 10);
            }
        }
    }

    /** Who waits for room is woken when the peer has taken something, and not before. */
    @Test
    public void t38_roomIsReadiness() throws Exception {
        int bytes = 1000;
        try (Pair pair = pair();
                WaitSet set = set(client(pair))) {
            fill(client(pair), bytes);
            assertNotReady(set, pair.client(), "nobody waits for room yet");
            set.writable(client(pair), true);
            assertNotReady(set, pair.client(), "there is no room yet");
            AtomicBoolean enough = new AtomicBoolean();
            Background<Integer> reader = Background.start(() -> {
                int frames = 0;
                while (!enough.get()) {
                    frames += pair.server().receive(IGNORE, Duration.ofMillis(5));
                }
                return frames;
            });
            awaitReady(set, pair.client());
            enough.set(true);
            assertThat(reader.result()).isPositive();
            set.writable(client(pair), false);
        }
    }

    /** await keeps its limit; the interrupt flag ends it, and stays set. */
    @Test
    public void t39_awaitKeepsItsLimitAndHeedsInterrupts() throws Exception {
        try (Pair pair = pair();
                WaitSet set = set(server(pair))) {
            set.await(0);
            Background<Integer> looks = Background.start(() -> {
                for (int i = 0; i < LOOKS; i++) {
                    set.await(0);
                }
                return 0;
            });
            assertThat(looks.result()).isZero();
            Background<Long> limited = Background.start(() -> longestWait(set));
            assertThat(limited.result()).isGreaterThanOrEqualTo(49);
            Background<Boolean> waiter = Background.start(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                    set.await(Long.MAX_VALUE);
                }
                set.await(Long.MAX_VALUE);
                return Thread.interrupted();
            });
            waiter.awaitWaiting();
            waiter.interrupt();
            assertThat(waiter.result()).as("the flag is kept").isTrue();
            Frame.send(pair.client(), Frame.of(0, 10));
            poll(set, server(pair), 10);
        }
    }

    /** close of a wait set wakes who waits, with an IOException; its members stay open. */
    @Test
    public void t40_closeOfASetWakesItsWaiter() throws Exception {
        for (int i = 0; i < rounds(50); i++) {
            try (Pair pair = pair()) {
                WaitSet set = set(server(pair), client(pair));
                Background<Integer> waiter = Background.start(() -> {
                    while (true) { // a hint may end a wait
                        set.await(Long.MAX_VALUE);
                    }
                });
                waiter.awaitWaiting();
                set.close();
                set.close();
                assertThat(waiter.failure()).isInstanceOf(IOException.class);
                Frame.send(pair.client(), Frame.of(0, 10));
                Frame.receive(pair.server(), 10);
            }
        }
    }

    /** A member that is closed wakes who waits, and is forgotten; the others go on. */
    @Test
    public void t41_aClosedMemberWakesAndIsForgotten() throws Exception {
        try (Pair pair = pair();
                Pair other = pair();
                WaitSet set = set(server(pair), server(other))) {
            set.await(0);
            Background<Integer> waiter = Background.start(() -> {
                set.await(Long.MAX_VALUE);
                return 0;
            });
            waiter.awaitWaiting();
            pair.server().close();
            assertThat(waiter.result()).isZero();
            Frame.send(other.client(), Frame.of(0, 10));
            poll(set, server(other), 10);
            assertThat(longestWait(set))
                    .as("a closed member keeps nobody awake")
                    .isGreaterThanOrEqualTo(49);
            assertThat(set.isReady(pair.server()))
                    .as("its next operation tells, whoever was woken")
                    .isTrue();
            assertThatThrownBy(() -> set.add(server(pair))).isInstanceOf(IOException.class);
        }
    }

    /** The end of the peer is readiness, and poll tells it. */
    @Test
    public void t42_theEndOfThePeerIsReadiness() throws Exception {
        try (Pair pair = pair();
                WaitSet set = set(server(pair))) {
            Frame.send(pair.client(), Frame.of(0, 10));
            pair.client().close();
            poll(set, server(pair), 10);
            assertThat(failureOfPolls(set, server(pair))).isInstanceOf(EOFException.class);
            assertThat(failureOfPolls(set, server(pair))).as("it stays so").isInstanceOf(EOFException.class);
        }
    }

    private static void lookInto(PollableConnection connection, Frame.Inbox inbox) {
        try {
            connection.poll(inbox);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What polling throws in the end. */
    private static Throwable failureOfPolls(WaitSet set, PollableConnection connection) {
        Background<Integer> polls = Background.start(() -> {
            while (true) {
                awaitReady(set, connection);
                connection.poll(IGNORE);
            }
        });
        return polls.failure();
    }

    /** What came before a connection was added is readiness as well, also while somebody waits. */
    @Test
    public void t43_whatCameBeforeIsReadiness() throws Exception {
        try (Pair pair = pair();
                Pair quiet = pair();
                WaitSet set = set(server(quiet))) {
            Background<Integer> waiter = Background.start(() -> {
                awaitReady(set, pair.server());
                return 0;
            });
            waiter.awaitWaiting();
            Frame.send(pair.client(), Frame.of(0, 10));
            set.add(server(pair));
            assertThat(waiter.result()).isZero();
            set.remove(server(pair));
            set.await(0);
            assertThat(set.isReady(pair.server())).as("it was removed").isFalse();
            Frame.receive(pair.server(), 10);
        }
    }

    /** A frame that was begun when its sender closed never arrives in part. */
    @Test
    public void t44_aFrameThatWasBegunNeverArrivesInPart() throws Exception {
        int bytes = bytes(8 << 20);
        try (Pair pair = pair()) {
            int[] taken = new int[fill(client(pair), bytes)];
            Arrays.fill(taken, bytes);
            client(pair).close();
            Frame.Inbox inbox = new Frame.Inbox(taken);
            Background<Integer> receiver = Background.start(() -> {
                while (true) {
                    pair.server().receive(inbox, Eventually.limit());
                }
            });
            assertThat(receiver.failure()).isInstanceOf(EOFException.class);
            inbox.checkThoseThatCame(); // what was not flushed need not
        }
    }

    /** What comes while somebody attends to a connection need not end the wait; it does once nobody attends to it. */
    @Test
    public void t45_nothingIsSleptOverWhereSomebodyHasAttended() throws Exception {
        try (Pair pair = pair();
                WaitSet set = set(server(pair))) {
            boolean answer = set.attended(server(pair));
            if (answer) {
                set.unattended(server(pair));
            }
            for (int i = 0; i < rounds(200); i++) {
                Background<Integer> waiter = Background.start(() -> {
                    poll(set, server(pair), 10);
                    return 0;
                });
                if (i % 2 == 0) {
                    waiter.awaitWaiting();
                }
                boolean attends = set.attended(server(pair));
                assertThat(attends).as("a set gives one answer").isEqualTo(answer);
                if (i % 3 == 0) {
                    Frame.send(pair.client(), Frame.of(0, 10));
                }
                if (attends) {
                    set.unattended(server(pair));
                }
                if (i % 3 != 0) {
                    Frame.send(pair.client(), Frame.of(0, 10));
                }
                assertThat(waiter.result()).isZero();
            }
        }
    }

    /** After close, polling, offering and handing over throw IOException, as everything else does. */
    @Test
    public void t49_nobodyPollsWhatIsClosed() throws Exception {
        try (Pair pair = pair()) {
            client(pair).send(Frame.of(0, 10));
            client(pair).close();
            assertThatThrownBy(() -> client(pair).poll(IGNORE)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> client(pair).offer(Frame.of(0, 10))).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> client(pair).flushNow()).isInstanceOf(IOException.class);
        }
    }

    /** What handlers may do, and the limits of the receiver, hold in poll too. */
    @Test
    public void t50_handlersAndLimitsHoldInPoll() throws Exception {
        try (Pair pair = pair();
                WaitSet set = set(server(pair))) {
            for (int i = 0; i < 3; i++) {
                client(pair).send(Frame.of(i - 1, 10));
            }
            client(pair).flush();
            FrameHandler failing = (frame, owned) -> {
                throw new IllegalStateException("handler");
            };
            Background<Integer> failure = Background.start(() -> {
                while (true) {
                    awaitReady(set, pair.server());
                    server(pair).poll(failing);
                }
            });
            assertThat(failure.failure()).hasMessage("handler");
            Frame.Inbox others = new Frame.Inbox(10, 10);
            Eventually.until(
                    "the frames behind it come",
                    () -> { // by the next look: whoever waits may not be told of them
                        lookInto(server(pair), others);
                        return others.size() == 2;
                    });
            others.check();
            if (pair.server() instanceof LimitableConnection limited) {
                limited.limitIncoming(200);
                Frame.send(pair.client(), Frame.of(0, 201));
                assertThat(failureOfPolls(set, server(pair)))
                        .isInstanceOf(IOException.class)
                        .isNotInstanceOf(EOFException.class)
                        .hasMessageContaining("200");
            }
        }
    }
}
