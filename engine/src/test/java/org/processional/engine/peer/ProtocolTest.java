// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.processional.Processional.client;
import static org.processional.Processional.scope;
import static org.processional.Processional.serve;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processional.Call;
import org.processional.ClientOptions;
import org.processional.CodecException;
import org.processional.ConnectionException;
import org.processional.ProxyScope;
import org.processional.Server;
import org.processional.SlaveProcess;
import org.processional.Task;
import org.processional.engine.testing.Rounds;
import org.processional.spi.Address;
import org.processional.spi.Codec;
import org.processional.spi.Connection;
import org.processional.spi.FrameOutput;
import org.processional.spi.InputFilter;
import org.processional.spi.Listener;
import org.processional.spi.Substitution;
import org.processional.spi.Transport;
import org.processional.tck.JavaCodec;
import org.processional.tck.memory.MemoryTransport;
import org.processional.tck.memory.PlainMemoryTransport;

/** One end speaks frame by frame, the other is the engine. */
@Timeout(60)
class ProtocolTest {
    private static final Duration LONG = MemoryPair.LONG;
    private static final Handshake.Terms TERMS =
            new Handshake.Terms("", 16, List.of(new JavaCodec()), false, InputFilter.none());
    private static final ClientOptions JAVA =
            ClientOptions.builder().codec("java").build();

    private static final List<CompletableFuture<Void>> ENDS = new java.util.concurrent.CopyOnWriteArrayList<>();

    private static Transport transport(String scheme) {
        return scheme.equals("mem") ? new MemoryTransport() : new PlainMemoryTransport();
    }

    private static Codec codec() {
        return new JavaCodec()
                .open(
                        new Substitution() {
                            @Override
                            public byte[] replace(Object proxy) {
                                throw new CodecException("no proxies here");
                            }

                            @Override
                            public Object resolve(byte[] bytes) {
                                throw new CodecException("no proxies here");
                            }
                        },
                        InputFilter.none());
    }

    private static FrameOutput frame(int kind, long ticket, Object body) {
        return frame(kind, 0, ticket, body);
    }

    private static FrameOutput frame(int kind, int generation, long ticket, Object body) {
        FrameOutput out = new FrameOutput(512, 1 << 20);
        Frames.begin(out, kind, 0, generation, ticket, 0);
        if (body != null) {
            codec().encode(body, out);
        }
        return out;
    }

    /** The next answer: its ticket and what it says. */
    private static Object answer(Connection connection, long ticket) throws IOException {
        ByteBuffer frame = ByteBuffer.wrap(MemoryPair.next(connection));
        assertThat(Frames.ticket(frame)).isEqualTo(ticket);
        if (Frames.kind(frame) == Frames.RESULT) {
            return codec().decode(Frames.body(frame, true), ProtocolTest.class.getClassLoader());
        }
        assertThat(Frames.kind(frame)).isEqualTo(Frames.FAILURE);
        ByteBuffer body = Frames.body(frame, true);
        return body.hasRemaining() ? Failures.standIn(body).getMessage() : "stopped";
    }

    private static Call<Integer, RuntimeException> constant(int value) {
        return () -> value;
    }

    /** A client that speaks frame by frame. */
    private static Connection raw(Transport transport, Server server) throws IOException {
        Connection connection = transport.connect(Address.parse(server.address()), LONG);
        Handshake.connect(connection, TERMS, LONG);
        return connection;
    }

    @ParameterizedTest
    @ValueSource(strings = {"mem", "mem-plain"})
    void aBodyThatCannotBeReadFailsItsRequestAlone(String scheme) throws IOException {
        Random random = new Random(Rounds.SEED);
        System.out.println("seed " + Rounds.SEED);
        try (Server server = serve(scheme + ":protocol-body");
                Connection raw = raw(transport(scheme), server)) {
            for (int i = 0; i < Rounds.of(500); i++) {
                byte[] bytes = new byte[random.nextInt(100)];
                random.nextBytes(bytes);
                FrameOutput out = frame(Frames.INVOKE, 2L * i + 1, null);
                out.put(bytes, 0, bytes.length);
                MemoryPair.send(raw, out.frame());
                assertThat(answer(raw, 2L * i + 1)).asString().contains("CodecException");
                MemoryPair.send(
                        raw, frame(Frames.INVOKE, 2L * i + 2, constant(i)).frame());
                assertThat(answer(raw, 2L * i + 2)).isEqualTo(i);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mem", "mem-plain"})
    void whatIsNoFunctionOrOfUnknownKindFailsItsRequestAlone(String scheme) throws IOException {
        try (Server server = serve(scheme + ":protocol-kind");
                Connection raw = raw(transport(scheme), server)) {
            MemoryPair.send(raw, frame(Frames.INVOKE, 1, "no function").frame());
            assertThat(answer(raw, 1)).asString().contains("not a function");
            MemoryPair.send(raw, frame(200, 2, null).frame());
            assertThat(answer(raw, 2)).asString().contains("kind 200");
            MemoryPair.send(raw, frame(Frames.NAMED, 3, null).frame());
            assertThat(answer(raw, 3)).asString().contains("CodecException");
            MemoryPair.send(raw, frame(Frames.INVOKE, 4, constant(4)).frame());
            assertThat(answer(raw, 4)).isEqualTo(4);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mem", "mem-plain"})
    void whatConcernsNobodyIsIgnored(String scheme) throws IOException {
        try (Server server = serve(scheme + ":protocol-nobody");
                Connection raw = raw(transport(scheme), server)) {
            MemoryPair.send(raw, frame(Frames.CANCEL, 77, null).frame());
            MemoryPair.send(raw, frame(Frames.INTERRUPT, 77, null).frame());
            MemoryPair.send(raw, frame(Frames.RESULT, 77, "stray").frame());
            MemoryPair.send(raw, frame(Frames.FAILURE, -77, null).frame());
            FrameOutput release = frame(Frames.RELEASE, 0, null);
            release.putLong(1234);
            release.putInt(5);
            MemoryPair.send(raw, release.frame());
            MemoryPair.send(raw, frame(Frames.INVOKE, 5, constant(5)).frame());
            assertThat(answer(raw, 5)).isEqualTo(5);
        }
    }

    /** A number is a permission: who was not given it cannot try for it. */
    @ParameterizedTest
    @ValueSource(strings = {"mem", "mem-plain"})
    void objectsOfOthersCannotBeGuessed(String scheme) throws IOException {
        try (Server server = serve(scheme + ":protocol-guess");
                SlaveProcess other = client(server.address(), JAVA);
                Connection raw = raw(transport(scheme), server)) {
            try (ProxyScope all = scope()) {
                for (int i = 0; i < 50; i++) {
                    other.wrap(() -> new Object());
                }
                long lowest = other.exports().get(0).number();
                for (long guess = 1; guess < 100; guess++) {
                    for (long number : new long[] {guess, -guess, lowest + guess, lowest - guess}) {
                        FrameOutput retain = frame(Frames.RETAIN, guess, null);
                        retain.putLong(number);
                        MemoryPair.send(raw, retain.frame());
                        assertThat(Frames.kind(ByteBuffer.wrap(MemoryPair.next(raw))))
                                .as("number %s", number)
                                .isEqualTo(Frames.FAILURE);
                    }
                }
                assertThat(other.exports()).allMatch(each -> each.holders().size() == 1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mem", "mem-plain"})
    void aDamagedFrameEndsItsConnectionAlone(String scheme) throws IOException {
        FrameOutput define = frame(Frames.DEFINE, 0, "nonsense");
        ByteBuffer wrongVersion = frame(Frames.INVOKE, 1, constant(1)).frame();
        wrongVersion.put(0, (byte) 99);
        FrameOutput never = frame(Frames.RELEASE, 0, null);
        never.putLong(1);
        never.putInt(Integer.MIN_VALUE);
        FrameOutput noObject = frame(Frames.INVOKE, 1, null);
        Frames.addFlags(noObject, Frames.OBJECT);
        FrameOutput noProxies = frame(Frames.INVOKE, 1, "ends in no number of proxies");
        Frames.addFlags(noProxies, Frames.CARRIES);
        FrameOutput tooLong = frame(Frames.INVOKE, 1, "before it");
        Frames.addFlags(tooLong, Frames.SHARES);
        tooLong.putByte(200); // is the length of a reference
        tooLong.putInt(1);
        List<ByteBuffer> damaged = List.of(
                ByteBuffer.allocate(0),
                ByteBuffer.allocate(31),
                wrongVersion,
                define.frame(),
                frame(Frames.RELEASE, 0, null).frame(),
                never.frame(),
                noObject.frame(),
                noProxies.frame(),
                tooLong.frame());
        try (Server server = serve(scheme + ":protocol-damaged");
                SlaveProcess other = client(server.address())) {
            for (ByteBuffer bytes : damaged) {
                try (Connection raw = raw(transport(scheme), server)) {
                    MemoryPair.send(raw, bytes);
                    assertThatThrownBy(() -> raw.receive((frame, owned) -> {}, LONG))
                            .isInstanceOf(IOException.class);
                }
                assertThat(other.invoke(() -> 1 + 0)).isEqualTo(1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mem", "mem-plain"})
    void aClientThatTakesNoAnswersKeepsNobodyWaiting(String scheme) throws Exception {
        Call<String, RuntimeException> large = () -> "x".repeat(1 << 20);
        Call<Integer, RuntimeException> late = () -> 77;
        try (Server server = serve(scheme + ":protocol-deaf");
                SlaveProcess other = client(server.address())) {
            int requests = 12;
            try (Connection deaf = raw(transport(scheme), server)) {
                for (int i = 1; i < requests; i++) {
                    MemoryPair.send(deaf, frame(Frames.INVOKE, i, large).frame());
                }
                MemoryPair.send(deaf, frame(Frames.INVOKE, requests, late).frame());
                for (int i = 0; i < 20; i++) {
                    assertThat(other.schedule(() -> 1 + 0).await(LONG)).isEqualTo(1);
                }
                for (int i = 1; i < requests; i++) { // now it listens: all is there, in order
                    assertThat(answer(deaf, i)).asString().hasSize(1 << 20);
                }
                assertThat(answer(deaf, requests)).isEqualTo(77);
                for (int i = 1; i < requests; i++) {
                    MemoryPair.send(deaf, frame(Frames.INVOKE, i, large).frame());
                }
                assertThat(other.schedule(() -> 1 + 0).await(LONG)).isEqualTo(1);
            }
            assertThat(other.invoke(() -> 2 + 0)).isEqualTo(2); // the deaf one has left with its requests
        }
    }

    /** A server that speaks frame by frame to one client. */
    private interface Script {
        void run(Connection connection) throws IOException;
    }

    private static CompletableFuture<Void> server(Listener listener, Script script) {
        return CompletableFuture.runAsync(() -> {
            try (Connection connection = listener.accept(LONG)) {
                Handshake.welcome(connection, TERMS, Handshake.accept(connection, TERMS, LONG, null));
                script.run(connection);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    private static long nextTicket(Connection connection) throws IOException {
        return Frames.ticket(ByteBuffer.wrap(MemoryPair.next(connection)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mem", "mem-plain"})
    void aStaleTicketIsNobodysAnswer(String scheme) throws Exception {
        Transport transport = transport(scheme);
        try (Listener listener = transport.listen(Address.parse(scheme + ":protocol-stale"))) {
            CompletableFuture<Void> server = server(listener, connection -> {
                long first = nextTicket(connection);
                MemoryPair.send(connection, frame(Frames.RESULT, first, 1).frame());
                for (int i = 0; i < 100; i++) {
                    long ticket = nextTicket(connection);
                    assertThat(ticket).isNotEqualTo(first);
                    MemoryPair.send(connection, frame(Frames.RESULT, first, -1).frame());
                    MemoryPair.send(
                            connection,
                            frame(Frames.FAILURE, ticket + (1L << 40), null).frame());
                    MemoryPair.send(connection, frame(Frames.RESULT, ticket, i).frame());
                    if (i < 99) { // after the last answer the client leaves
                        MemoryPair.send(
                                connection, frame(Frames.RESULT, ticket, -2).frame());
                    }
                }
                assertThatThrownBy(() -> nextTicket(connection)).isInstanceOf(IOException.class);
            });
            try (SlaveProcess client = client(scheme + ":protocol-stale", JAVA)) {
                assertThat(client.invoke(() -> 0)).isEqualTo(1);
                for (int i = 0; i < 100; i++) {
                    assertThat(client.invoke(() -> 0)).isEqualTo(i);
                }
            }
            server.get(20, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mem", "mem-plain"})
    void anAnswerOfAnotherGenerationIsNobodys(String scheme) throws Exception {
        Transport transport = transport(scheme);
        try (Listener listener = transport.listen(Address.parse(scheme + ":protocol-generation"))) {
            CompletableFuture<Void> server = server(listener, connection -> {
                for (int i = 0; i < 20; i++) {
                    long ticket = nextTicket(connection);
                    MemoryPair.send(
                            connection, frame(Frames.RESULT, 1 + i, ticket, -1).frame());
                    MemoryPair.send(
                            connection,
                            frame(Frames.FAILURE, -1 - i, ticket, null).frame());
                    for (int kind : List.of(Frames.RECEIVED, Frames.DOING, Frames.PONG)) {
                        MemoryPair.send(
                                connection, frame(kind, 1 + i, ticket, null).frame());
                    }
                    MemoryPair.send(
                            connection, frame(Frames.RESULT, 0, ticket, i).frame());
                }
                assertThatThrownBy(() -> nextTicket(connection)).isInstanceOf(IOException.class);
            });
            try (SlaveProcess client = client(scheme + ":protocol-generation", JAVA)) {
                for (int i = 0; i < 20; i++) {
                    assertThat(client.invoke(() -> 0)).isEqualTo(i);
                }
            }
            server.get(20, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mem", "mem-plain"})
    void aServerAnswersInTheGenerationOfTheGreetingAndTakesNoOther(String scheme) throws IOException {
        try (Server server = serve(scheme + ":protocol-generations")) {
            try (Connection raw = transport(scheme).connect(Address.parse(server.address()), LONG)) {
                Handshake.connect(raw, TERMS.of(5), LONG);
                MemoryPair.send(raw, frame(Frames.INVOKE, 5, 1, constant(7)).frame());
                ByteBuffer answer = ByteBuffer.wrap(MemoryPair.next(raw));
                assertThat(Frames.kind(answer)).isEqualTo(Frames.RESULT);
                assertThat(Frames.generation(answer)).isEqualTo(5);
                MemoryPair.send(raw, frame(Frames.INVOKE, 4, 2, constant(7)).frame());
                assertThatThrownBy(() -> raw.receive((frame, owned) -> {}, LONG))
                        .isInstanceOf(IOException.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mem", "mem-plain"})
    void aPingIsAnsweredWhileATaskRuns(String scheme) throws Exception {
        CompletableFuture<Void> end = new CompletableFuture<>();
        ENDS.add(end);
        int number = ENDS.size() - 1;
        try (Server server = serve(scheme + ":protocol-ping");
                Connection raw = raw(transport(scheme), server)) {
            Call<Boolean, Exception> waits = () -> ENDS.get(number).get(60, TimeUnit.SECONDS) == null;
            MemoryPair.send(raw, frame(Frames.INVOKE, 1, waits).frame());
            for (int i = 0; i < 3; i++) {
                MemoryPair.send(raw, frame(Frames.PING, 0, null).frame());
                assertThat(Frames.kind(ByteBuffer.wrap(MemoryPair.next(raw)))).isEqualTo(Frames.PONG);
            }
            end.complete(null);
            assertThat(answer(raw, 1)).isEqualTo(true);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mem", "mem-plain"})
    void aLostConnectionFailsAllThatIsPending(String scheme) throws Exception {
        Transport transport = transport(scheme);
        for (int i = 0; i < Rounds.of(100); i++) {
            try (Listener listener = transport.listen(Address.parse(scheme + ":protocol-lost"))) {
                CompletableFuture<Void> server = server(listener, connection -> {
                    for (int k = 0; k < 5; k++) {
                        nextTicket(connection);
                    }
                });
                try (SlaveProcess client = client(scheme + ":protocol-lost", JAVA)) {
                    List<Task<Integer>> tasks = List.of(
                            client.schedule(() -> 1),
                            client.schedule(() -> 2),
                            client.schedule(() -> 3),
                            client.thread(() -> 4));
                    assertThatThrownBy(() -> client.invoke(() -> 5 + 0))
                            .isInstanceOf(ConnectionException.class)
                            .hasMessageContaining("lost");
                    for (Task<Integer> task : tasks) {
                        assertThatThrownBy(() -> task.await(LONG)).isInstanceOf(ConnectionException.class);
                    }
                    assertThatThrownBy(() -> client.schedule(() -> 6)).isInstanceOf(ConnectionException.class);
                    assertThat(client.isOpen()).isFalse();
                }
                server.get(20, TimeUnit.SECONDS);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mem", "mem-plain"})
    void aDamagedAnswerEndsItsTaskWithTheConnection(String scheme) throws Exception {
        Transport transport = transport(scheme);
        for (int kind : new int[] {Frames.RESULT, Frames.FAILURE}) {
            try (Listener listener = transport.listen(Address.parse(scheme + ":protocol-damaged-answer"))) {
                CompletableFuture<Void> server = server(listener, connection -> {
                    FrameOutput answer = frame(kind, nextTicket(connection), "ends in no number of proxies");
                    Frames.addFlags(answer, Frames.CARRIES);
                    MemoryPair.send(connection, answer.frame());
                    assertThatThrownBy(() -> nextTicket(connection)).isInstanceOf(IOException.class);
                });
                try (SlaveProcess client = client(scheme + ":protocol-damaged-answer", JAVA)) {
                    assertThatThrownBy(() -> client.schedule(() -> 1 + 0).await(LONG))
                            .isInstanceOf(ConnectionException.class)
                            .hasStackTraceContaining("damaged frame");
                }
                server.get(20, TimeUnit.SECONDS);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mem", "mem-plain"})
    void aNumberThatIsCutOffIsTold(String scheme) throws Exception {
        Transport transport = transport(scheme);
        try (Listener listener = transport.listen(Address.parse(scheme + ":protocol-number"))) {
            CompletableFuture<Void> server = server(listener, connection -> {
                MemoryPair.send(
                        connection,
                        frame(Frames.RESULT, nextTicket(connection), null).frame());
                assertThatThrownBy(() -> nextTicket(connection)).isInstanceOf(IOException.class);
            });
            try (SlaveProcess client = client(scheme + ":protocol-number", JAVA)) {
                assertThatThrownBy(() -> client.named("name"))
                        .isInstanceOf(CodecException.class)
                        .hasMessageContaining("number");
            }
            server.get(20, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mem", "mem-plain"})
    void anAnswerThatCannotBeReadFailsItsTaskAlone(String scheme) throws Exception {
        Transport transport = transport(scheme);
        try (Listener listener = transport.listen(Address.parse(scheme + ":protocol-answer"))) {
            CompletableFuture<Void> server = server(listener, connection -> {
                FrameOutput nonsense = frame(Frames.RESULT, nextTicket(connection), null);
                nonsense.putLong(-1);
                MemoryPair.send(connection, nonsense.frame());
                FrameOutput failure = frame(Frames.FAILURE, nextTicket(connection), null);
                failure.putLong(-1);
                MemoryPair.send(connection, failure.frame());
                MemoryPair.send(
                        connection,
                        frame(Frames.RESULT, nextTicket(connection), 3).frame());
                assertThatThrownBy(() -> nextTicket(connection)).isInstanceOf(IOException.class);
            });
            try (SlaveProcess client = client(scheme + ":protocol-answer", JAVA)) {
                assertThatThrownBy(() -> client.invoke(() -> 1 + 0)).isInstanceOf(CodecException.class);
                assertThatThrownBy(() -> client.invoke(() -> 2 + 0)).isInstanceOf(CodecException.class);
                assertThat(client.invoke(() -> 3 + 0)).isEqualTo(3);
            }
            server.get(20, TimeUnit.SECONDS);
        }
    }
}
