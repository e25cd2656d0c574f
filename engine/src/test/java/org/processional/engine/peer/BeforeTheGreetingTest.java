// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processional.ConnectionException;
import org.processional.Limits;
import org.processional.Waiting;
import org.processional.engine.task.SpinBudget;
import org.processional.spi.Codec;
import org.processional.spi.CodecProvider;
import org.processional.spi.Connection;
import org.processional.spi.FrameHandler;
import org.processional.spi.FrameOutput;
import org.processional.spi.InputFilter;
import org.processional.spi.Substitution;
import org.processional.tck.JavaCodec;
import org.processional.tck.memory.Weather;

/** Who has not shown that it knows the secret makes no codec do anything: there is none yet. */
@Timeout(60)
class BeforeTheGreetingTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(200);

    private final AtomicInteger opened = new AtomicInteger();
    private final CodecProvider counting = new CodecProvider() {
        @Override
        public String name() {
            return "java";
        }

        @Override
        public int priority() {
            return 1;
        }

        @Override
        public Codec open(Substitution substitution, InputFilter filter) {
            opened.incrementAndGet();
            return new JavaCodec().open(substitution, filter);
        }
    };

    private static Service service() {
        return new Service(
                null,
                new NoOwner(),
                new SpinBudget(Waiting.SPIN_THEN_PARK),
                Policy.of(false, InputFilter.none(), Limits.defaults()));
    }

    private Handshake.Terms terms(String secret, boolean strangers) {
        return new Handshake.Terms(secret, 1, List.of(counting), strangers, InputFilter.none());
    }

    private static ByteBuffer frame(int kind) {
        FrameOutput out = new FrameOutput(512, 8192);
        Frames.begin(out, kind, 0, 0, 1, 0);
        byte[] serialized = {(byte) 0xAC, (byte) 0xED, 0, 5, 't', 0, 1, 'x'};
        out.put(serialized, 0, serialized.length);
        return out.frame();
    }

    @ParameterizedTest
    @ValueSource(ints = {Frames.INVOKE, Frames.THREAD, Frames.DEFINE, Frames.RESULT, Frames.FAILURE, Frames.RETAIN})
    void aFrameInPlaceOfAGreetingIsNotDecoded(int kind) throws IOException {
        for (boolean strangers : new boolean[] {false, true}) {
            try (MemoryPair pair = MemoryPair.open(Weather.CALM)) {
                MemoryPair.send(pair.client(), frame(kind));
                assertThatThrownBy(() -> service().welcome(pair.server(), terms("secret", strangers), SHORT))
                        .isInstanceOfAny(ConnectionException.class, IOException.class);
            }
        }
        assertThat(opened).hasValue(0);
    }

    /** A greeting that would be taken, with as many bytes behind it as make it long. */
    private static ByteBuffer hello(int bytes) {
        FrameOutput out = new FrameOutput(512, 1 << 20);
        Frames.begin(out, Frames.HELLO, 0, 0, 0, 0);
        out.putInt(0x50524f43);
        out.putByte(Frames.VERSION);
        out.putByte(Frames.VERSION);
        out.putString("test");
        out.putString("id");
        out.putLong(1);
        out.putInt(1);
        out.putString("secret");
        out.putSize(1);
        out.putString("java");
        out.put(new byte[bytes - out.size()], 0, bytes - out.size());
        return out.frame();
    }

    /** A connection whose transport does not refuse what is too long by itself. */
    private record Unlimited(Connection connection) implements Connection {
        @Override
        public void send(ByteBuffer frame) throws IOException {
            connection.send(frame);
        }

        @Override
        public void flush() throws IOException {
            connection.flush();
        }

        @Override
        public int receive(FrameHandler handler, Duration wait) throws IOException {
            return connection.receive(handler, wait);
        }

        @Override
        public int maxFrameBytes() {
            return connection.maxFrameBytes();
        }

        @Override
        public String peer() {
            return connection.peer();
        }

        @Override
        public void close() {
            connection.close();
        }
    }

    @Test
    void aGreetingAboveItsLimitOpensNoCodec() throws IOException {
        for (int bytes : new int[] {8193, 1 << 20}) {
            try (MemoryPair pair = MemoryPair.open(Weather.CALM)) {
                sendAtOnce(pair, hello(bytes));
                assertThatThrownBy(() -> service().welcome(pair.server(), terms("secret", false), LONG))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("8192 is the most");
            }
        }
        assertThat(opened).hasValue(0);
    }

    @Test
    void soDoesOneWhoseTransportLetItThrough() throws IOException {
        try (MemoryPair pair = MemoryPair.open(Weather.CALM)) {
            sendAtOnce(pair, hello(8193));
            Connection server = new Unlimited(pair.server());
            assertThatThrownBy(() -> service().welcome(server, terms("secret", false), LONG))
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("does not speak this protocol");
        }
        assertThat(opened).hasValue(0);
    }

    /** As much as there is room for: nobody reads yet. */
    private static void sendAtOnce(MemoryPair pair, ByteBuffer frame) throws IOException {
        pair.client().offer(frame);
        pair.client().flushNow();
    }

    @Test
    void aGreetingAtItsLimitIsRead() throws IOException {
        for (boolean limited : new boolean[] {true, false}) {
            try (MemoryPair pair = MemoryPair.open(Weather.CALM)) {
                MemoryPair.send(pair.client(), hello(8192));
                Connection server = limited ? pair.server() : new Unlimited(pair.server());
                service().welcome(server, terms("secret", false), LONG).close();
            }
        }
        assertThat(opened).hasValue(2);
    }

    @Test
    void aWrongSecretOpensNoCodec() throws Exception {
        try (MemoryPair pair = MemoryPair.open(Weather.CALM)) {
            Thread client = new Thread(() -> {
                try {
                    Handshake.connect(pair.client(), terms("guess", false), LONG);
                } catch (IOException | RuntimeException e) {
                    // as the other end says
                }
            });
            client.start();
            assertThatThrownBy(() -> service().welcome(pair.server(), terms("secret", false), LONG))
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("secret");
            client.join();
        }
        assertThat(opened).hasValue(0);
    }

    @Test
    void theRightOneOpensOneAtEachEnd() throws Exception {
        try (MemoryPair pair = MemoryPair.open(Weather.CALM)) {
            Thread client = new Thread(() -> {
                try {
                    Handshake.connect(pair.client(), terms("secret", false), LONG);
                } catch (IOException | RuntimeException e) {
                    throw new AssertionError(e);
                }
            });
            client.start();
            Peer peer = service().welcome(pair.server(), terms("secret", false), LONG);
            client.join();
            assertThat(opened).as("of the one end that has a peer").hasValue(1);
            peer.close();
        }
    }
}
