// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.processional.Processional.client;
import static org.processional.Processional.serve;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.ClientOptions;
import org.processional.ConnectionException;
import org.processional.Server;
import org.processional.SlaveProcess;
import org.processional.engine.testing.Rounds;
import org.processional.spi.Address;
import org.processional.spi.CodecProvider;
import org.processional.spi.Connection;
import org.processional.spi.FrameOutput;
import org.processional.spi.InputFilter;
import org.processional.spi.Listener;
import org.processional.tck.JavaCodec;
import org.processional.tck.memory.MemoryTransport;
import org.processional.tck.memory.Weather;

@Timeout(60)
class HandshakeTest {
    private static final Duration LONG = MemoryPair.LONG;
    private static final List<CodecProvider> CODECS = List.of(new JavaCodec());

    private static Handshake.Terms terms(String secret, int credits) {
        return new Handshake.Terms(secret, credits, CODECS, false, InputFilter.none());
    }

    private static Handshake.Partner accept(Connection connection, Handshake.Terms terms) throws IOException {
        Handshake.Partner partner = Handshake.accept(connection, terms, LONG, null);
        Handshake.welcome(connection, terms, partner);
        return partner;
    }

    /** A greeting, damaged here and there by the tests. */
    private static FrameOutput hello(int lowest, int highest, int credits, String codec) {
        FrameOutput out = new FrameOutput(512, 8192);
        Frames.begin(out, Frames.HELLO, 0, 0, 0, 0);
        out.putInt(0x50524f43);
        out.putByte(lowest);
        out.putByte(highest);
        out.putString("test");
        out.putString("id");
        out.putLong(1);
        out.putInt(credits);
        out.putString("");
        out.putSize(1);
        out.putString(codec);
        return out;
    }

    private static Handshake.Partner accept(Connection server, ByteBuffer greeting, Connection client)
            throws IOException {
        MemoryPair.send(client, greeting);
        return accept(server, terms("", 7));
    }

    private static String refusal(Connection client) throws IOException {
        byte[] answer = MemoryPair.next(client);
        ByteBuffer frame = ByteBuffer.wrap(answer);
        assertThat(Frames.kind(frame)).isEqualTo(Frames.REFUSED);
        return FrameOutput.readString(Frames.body(frame, true));
    }

    @Test
    void bothLearnOfEachOther() throws Exception {
        for (Weather weather : List.of(Weather.CALM, Weather.storm(Rounds.SEED))) {
            try (MemoryPair pair = MemoryPair.open(weather)) {
                CompletableFuture<Handshake.Partner> client = CompletableFuture.supplyAsync(() -> {
                    try {
                        return Handshake.connect(pair.client(), terms("secret", 3), LONG);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
                Handshake.Partner there = accept(pair.server(), terms("secret", 5));
                Handshake.Partner here = client.get(20, TimeUnit.SECONDS);
                assertThat(there.credits()).isEqualTo(3);
                assertThat(here.credits()).isEqualTo(5);
                assertThat(here.pid()).isEqualTo(ProcessHandle.current().pid());
                assertThat(here.provider().name()).isEqualTo("java");
            }
        }
    }

    @Test
    void aWelcomeOfAnotherGenerationIsNotTaken() throws Exception {
        try (MemoryPair pair = MemoryPair.open(Weather.CALM)) {
            CompletableFuture<Handshake.Partner> client = CompletableFuture.supplyAsync(() -> {
                try {
                    return Handshake.connect(pair.client(), terms("", 3).of(2), LONG);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            Handshake.Partner there = Handshake.accept(pair.server(), terms("", 3), LONG, null);
            assertThat(there.generation()).isEqualTo(2);
            Handshake.welcome(
                    pair.server(),
                    terms("", 3),
                    new Handshake.Partner(
                            there.id(), there.pid(), there.credits(), there.provider(), 1, Handshake.Role.CLIENT));
            assertThatThrownBy(() -> client.get(20, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(ConnectionException.class)
                    .hasMessageContaining("generation 1, and this is one of generation 2");
        }
    }

    @Test
    void anotherVersionIsRefusedWithTheReason() throws IOException {
        try (MemoryPair pair = MemoryPair.open(Weather.CALM)) {
            assertThatThrownBy(
                            () -> accept(pair.server(), hello(90, 99, 1, "java").frame(), pair.client()))
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("versions 90 to 99");
            assertThat(refusal(pair.client()))
                    .contains("no version of the protocol in common")
                    .contains("the end that connects speaks versions 90 to 99 (test)")
                    .contains("the end that listens version " + Frames.VERSION + " (Processional ")
                    .contains(" on Java " + Runtime.version().feature() + ")")
                    .contains("run the same version");
        }
    }

    @Test
    void ofALaterVersionOnlyTheBeginningIsRead() throws IOException {
        FrameOutput hello = new FrameOutput(512, 8192);
        Frames.begin(hello, Frames.HELLO, 0, 0, 0, 0);
        hello.putInt(0x50524f43);
        hello.putByte(2);
        hello.putByte(3);
        hello.putString("Processional 9");
        hello.putByte(-1); // whatever it has there
        try (MemoryPair pair = MemoryPair.open(Weather.CALM)) {
            assertThatThrownBy(() -> accept(pair.server(), hello.frame(), pair.client()))
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("versions 2 to 3 (Processional 9)");
            assertThat(refusal(pair.client())).contains("versions 2 to 3 (Processional 9)");
        }
    }

    @Test
    void aServerThatChoosesAnotherVersionIsNamedWithBoth() throws Exception {
        FrameOutput welcome = new FrameOutput(512, 8192);
        Frames.begin(welcome, Frames.WELCOME, 0, 0, 0, 0);
        welcome.putByte(7);
        welcome.putString("Processional 9");
        try (MemoryPair pair = MemoryPair.open(Weather.CALM)) {
            MemoryPair.send(pair.server(), welcome.frame());
            assertThatThrownBy(() -> Handshake.connect(pair.client(), terms("", 1), LONG))
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("(Processional 9) chose version 7")
                    .hasMessageContaining("this end speaks version " + Frames.VERSION + " (Processional ");
        }
    }

    @Test
    void aVersionAmongSeveralIsTaken() throws IOException {
        try (MemoryPair pair = MemoryPair.open(Weather.CALM)) {
            ByteBuffer greeting = hello(0, 99, 1, "java").frame();
            assertThat(accept(pair.server(), greeting, pair.client()).id()).isEqualTo("id");
        }
    }

    @Test
    void anotherVersionOfShowingTheSecretIsNamedAtBothEnds() throws Exception {
        ByteBuffer nonce = ByteBuffer.allocate(40)
                .putInt(0x50524f41)
                .put((byte) 9)
                .put((byte) 1)
                .rewind();
        Handshake.Terms strangers =
                new Handshake.Terms("secret", 1, terms("", 1).codecs(), true, InputFilter.none());
        try (MemoryPair pair = MemoryPair.open(Weather.CALM)) {
            MemoryPair.send(pair.client(), nonce.duplicate());
            assertThatThrownBy(() -> accept(pair.server(), strangers))
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("speaks version 9 of the way to show that both ends know the secret")
                    .hasMessageContaining("this end version 1 (Processional ");
            assertThat(MemoryPair.next(pair.client()))
                    .as("what tells the client")
                    .startsWith('P', 'R', 'O', 'A', 1, 1);
        }
        try (MemoryPair pair = MemoryPair.open(Weather.CALM)) {
            MemoryPair.send(pair.server(), nonce.duplicate());
            assertThatThrownBy(() -> Handshake.connect(pair.client(), strangers, LONG))
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("speaks version 9");
        }
    }

    @Test
    void noCodecInCommonIsRefusedWithTheReason() throws IOException {
        try (MemoryPair pair = MemoryPair.open(Weather.CALM)) {
            assertThatThrownBy(() ->
                            accept(pair.server(), hello(1, 1, 1, "nobody's").frame(), pair.client()))
                    .isInstanceOf(ConnectionException.class);
            assertThat(refusal(pair.client()))
                    .contains("no codec in common: the end that connects has [nobody's] (test)")
                    .contains("the end that listens [java] (Processional ")
                    .contains("on the path of both");
        }
    }

    @Test
    void creditsOutOfRangeAreRefused() throws IOException {
        for (int credits : new int[] {0, -1, Integer.MIN_VALUE, (1 << 16) + 1, Integer.MAX_VALUE}) {
            try (MemoryPair pair = MemoryPair.open(Weather.CALM)) {
                assertThatThrownBy(() -> accept(
                                pair.server(), hello(1, 1, credits, "java").frame(), pair.client()))
                        .isInstanceOf(ConnectionException.class)
                        .hasMessageContaining(String.valueOf(credits));
            }
        }
    }

    @Test
    void aGreetingCutOffAnywhereIsRefused() throws IOException {
        ByteBuffer whole = hello(1, 1, 1, "java").frame();
        for (int length = 0; length < whole.limit(); length++) {
            ByteBuffer part = whole.duplicate().limit(length);
            try (MemoryPair pair = MemoryPair.open(Weather.CALM)) {
                assertThatThrownBy(() -> accept(pair.server(), part, pair.client()))
                        .as("%d bytes", part.limit())
                        .isInstanceOf(ConnectionException.class);
            }
        }
    }

    @Test
    void randomBytesAreRefused() throws IOException {
        Random random = new Random(Rounds.SEED);
        System.out.println("seed " + Rounds.SEED);
        ByteBuffer whole = hello(1, 1, 1, "java").frame();
        for (int i = 0; i < Rounds.of(5000); i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            if (i % 2 == 0) { // a good beginning
                int good = Math.min(bytes.length, 32 + random.nextInt(whole.limit() - 32));
                whole.duplicate().get(bytes, 0, Math.min(good, whole.limit()));
            }
            try (MemoryPair pair = MemoryPair.open(Weather.CALM)) {
                Handshake.Partner partner = accept(pair.server(), ByteBuffer.wrap(bytes), pair.client());
                assertThat(partner.provider().name()).isEqualTo("java"); // by chance all was right
            } catch (ConnectionException e) {
                assertThat(e).hasMessageNotContaining("null");
            }
        }
    }

    @Test
    void whoSaysNothingIsNotWaitedForLongerThanTheLimit() throws IOException {
        try (MemoryPair pair = MemoryPair.open(Weather.CALM)) {
            assertThatThrownBy(() -> Handshake.accept(pair.server(), terms("", 1), Duration.ofMillis(30), null))
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("did not greet");
            assertThatThrownBy(() -> Handshake.connect(pair.client(), terms("", 1), Duration.ofMillis(30)))
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("did not greet");
        }
    }

    @Test
    void aClientThatIsSlowOrSpeaksNonsenseHoldsUpNobody() throws Exception {
        MemoryTransport transport = new MemoryTransport();
        try (Server server = serve("mem:handshake-nonsense")) {
            Address address = Address.parse(server.address());
            try (Connection silent = transport.connect(address, LONG);
                    Connection nonsense = transport.connect(address, LONG)) {
                MemoryPair.send(nonsense, ByteBuffer.wrap("GET / HTTP/1.1\r\nHost: nobody\r\n\r\n".getBytes()));
                try (SlaveProcess good = client(server.address())) {
                    assertThat(good.invoke(() -> 1 + 0)).isEqualTo(1);
                    assertThatThrownBy(() -> nonsense.receive((frame, owned) -> {}, LONG))
                            .isInstanceOf(EOFException.class);
                    assertThat(server.clients()).isEqualTo(1);
                }
                assertThat(silent.receive((frame, owned) -> {}, Duration.ZERO)).isZero();
            }
        }
    }

    @Test
    void aServerThatIsNoneFailsTheClientInTime() throws Exception {
        MemoryTransport transport = new MemoryTransport();
        ClientOptions hasty =
                ClientOptions.builder().connectLimit(Duration.ofMillis(50)).build();
        try (Listener listener = transport.listen(Address.parse("mem:handshake-none"))) {
            assertThatThrownBy(() -> client("mem:handshake-none", hasty))
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("did not greet");
            assertThat(listener.accept(LONG)).isNotNull();
            CompletableFuture<Void> nonsense = CompletableFuture.runAsync(() -> {
                try {
                    Connection connection = listener.accept(LONG);
                    MemoryPair.send(connection, ByteBuffer.allocate(40));
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertThatThrownBy(() -> client("mem:handshake-none")).isInstanceOf(ConnectionException.class);
            nonsense.get(20, TimeUnit.SECONDS);
        }
        CompletableFuture<Void> closing;
        try (Listener listener = transport.listen(Address.parse("mem:handshake-closing"))) {
            closing = CompletableFuture.runAsync(() -> {
                try {
                    listener.accept(LONG).close();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertThatThrownBy(() -> client("mem:handshake-closing"))
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("mem:handshake-closing");
            closing.get(20, TimeUnit.SECONDS);
        }
    }
}
