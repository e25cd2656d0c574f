// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.Call;
import org.processional.CodecException;
import org.processional.ConnectionException;
import org.processional.Limits;
import org.processional.Task;
import org.processional.Waiting;
import org.processional.engine.task.SpinBudget;
import org.processional.spi.Connection;
import org.processional.spi.FrameOutput;
import org.processional.spi.InputFilter;
import org.processional.spi.PollableConnection;
import org.processional.tck.JavaCodec;
import org.processional.tck.memory.MemoryTransport;
import org.processional.tck.memory.Weather;

/** An end whose other end takes nothing any more, or has not yet taken all. */
@Timeout(60)
class CannotSendTest {
    private final SpinBudget none = new SpinBudget(Waiting.PARK);
    private final MemoryPair pair = MemoryPair.open(Weather.CALM);
    private final Reading reading = new Reading(new MemoryTransport(Weather.CALM), none);
    private final Policy policy = Policy.of(false, InputFilter.none(), Limits.defaults());
    private final Service service = new Service(reading, new NoOwner(), none, policy);
    private final Handshake.Partner partner =
            new Handshake.Partner("test", 1, 16, new JavaCodec(), 0, Handshake.Role.CLIENT);
    private final Peer peer = new Peer(pair.client(), reading, service, partner);

    CannotSendTest() throws IOException {}

    @AfterEach
    void close() {
        peer.close();
        reading.close();
        pair.close();
    }

    private Task<Integer> schedule() {
        return new ProcessCalls(peer).schedule((Call<Integer, RuntimeException>) () -> 1);
    }

    /** The other end takes the next request. */
    private long ticket(int kind) throws IOException {
        ByteBuffer request = ByteBuffer.wrap(MemoryPair.next(pair.server()));
        assertThat(Frames.kind(request)).isEqualTo(kind);
        return Frames.ticket(request);
    }

    /** The other end answers. */
    private void answer(long ticket, Object value) throws IOException {
        FrameOutput out = new FrameOutput(512, 1 << 20);
        Frames.begin(out, Frames.RESULT, 0, 0, ticket, 0);
        peer.encode(value, out);
        MemoryPair.send(pair.server(), out.frame());
    }

    @Test
    void whatCameBeforeTheEndIsReadThoughNothingCanBeSent() throws Exception {
        Task<Integer> answered = schedule(); // nobody reads in this test but where it says so
        answer(ticket(Frames.INVOKE), 42);
        pair.server().close();
        Task<Integer> tooLate = schedule();
        assertThat(peer.isOpen()).isTrue();
        assertThat(answered.isDone() || tooLate.isDone()).isFalse();

        peer.resumeWriting(); // as who reads does behind each wait

        assertThat(answered.await()).isEqualTo(42);
        assertThat(tooLate.isDone()).isTrue();
        assertThatThrownBy(tooLate::await).isInstanceOf(ConnectionException.class);
        assertThat(peer.isOpen()).isFalse();
    }

    @Test
    void aTransportThatFailsEndsItsConnectionAndNotTheThreadThatSends() {
        AtomicBoolean broken = new AtomicBoolean();
        PollableConnection faulty = (PollableConnection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {PollableConnection.class}, (self, method, arguments) -> {
                    if (broken.get()
                            && (method.getName().equals("offer")
                                    || method.getName().equals("flushNow"))) {
                        throw new IllegalStateException("a fault of the transport");
                    }
                    return method.invoke(pair.client(), arguments);
                });
        Peer other = new Peer(faulty, reading, service, partner);
        Task<Integer> pending = new ProcessCalls(other).schedule((Call<Integer, RuntimeException>) () -> 1);
        broken.set(true);
        FrameOutput answer = other.output();
        Frames.begin(answer, Frames.RESULT, 0, 0, 1, 0);
        other.answer(answer, List.of(), false); // as who reads does, who would be lost
        assertThat(other.isOpen()).isFalse();
        assertThatThrownBy(pending::await)
                .isInstanceOf(ConnectionException.class)
                .hasRootCauseMessage("a fault of the transport");
    }

    @Test
    void aRequestThatDoesNotFitTakesNoCredit() {
        Connection narrow = (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Connection.class},
                (self, method, arguments) ->
                        method.getName().equals("maxFrameBytes") ? 1024 : method.invoke(pair.client(), arguments));
        Peer other = new Peer(narrow, null, service, partner);
        String name = "n".repeat(2000);
        assertThatThrownBy(() -> new ProcessCalls(other).named(name)).isInstanceOf(CodecException.class);
        assertThat(other.pendingRequests()).isZero();
        other.close();
    }

    @Test
    void whatIsPendingEndsThoughTheConnectionCannotBeClosed() {
        Connection stubborn = (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (self, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        throw new InternalError("as where mapped memory was cut short");
                    }
                    return method.invoke(pair.client(), arguments);
                });
        Peer other = new Peer(stubborn, null, service, partner);
        Task<Integer> pending = new ProcessCalls(other).schedule((Call<Integer, RuntimeException>) () -> 1);
        other.lost(new EOFException("it died"));
        assertThat(pending.isDone()).isTrue();
        assertThatThrownBy(pending::await).isInstanceOf(ConnectionException.class);
    }

    @Test
    void whatWasSentIsSettledWhenTheOtherEndHasReadIt() throws Exception {
        peer.start();
        assertThat(peer.settle(Duration.ofMillis(1))).isFalse();
        Task<Integer> sent = schedule();
        CompletableFuture<Boolean> settled = CompletableFuture.supplyAsync(() -> peer.settle(MemoryPair.LONG));
        ticket(Frames.SEES); // of the one that waited in vain
        ticket(Frames.CANCEL);
        ticket(Frames.INVOKE);
        answer(ticket(Frames.SEES), 0);
        assertThat(settled.get(MemoryPair.LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(sent.isDone()).isFalse();
        pair.server().close();
        assertThat(peer.settle(MemoryPair.LONG)).isFalse();
    }
}
