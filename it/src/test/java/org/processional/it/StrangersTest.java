// SPDX-License-Identifier: Apache-2.0
package org.processional.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.processional.Processional.client;
import static org.processional.Processional.serve;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.processional.ClientOptions;
import org.processional.ConnectionException;
import org.processional.Limits;
import org.processional.ServeOptions;
import org.processional.Server;
import org.processional.SlaveProcess;

/** Who reaches the port and does not belong there is refused, and the server lives on. */
@Timeout(120)
class StrangersTest {
    private static final String SECRET = "known to both ends";
    private static final int MAGIC = 0x50524f41;

    @TempDir
    Path folder;

    private Server server;

    @BeforeEach
    void serveWithASecret() {
        server =
                serve("tcp://127.0.0.1:0", ServeOptions.builder().secret(SECRET).build());
    }

    @AfterEach
    void aGoodClientStillGetsIn() {
        try (Server closing = server) {
            good();
            assertThat(closing.isOpen()).isTrue();
        }
    }

    private void good() {
        try (SlaveProcess client = client(server.address(), secret(SECRET))) {
            assertThat(client.<Integer, RuntimeException>invoke(() -> 1)).isEqualTo(1);
        }
    }

    private static ClientOptions secret(String secret) {
        return ClientOptions.builder()
                .secret(secret)
                .connectLimit(Duration.ofSeconds(20))
                .build();
    }

    private Socket stranger() throws IOException {
        return stranger(server);
    }

    private static Socket stranger(Server server) throws IOException {
        Socket socket = new Socket("127.0.0.1", URI.create(server.address()).getPort());
        socket.setSoTimeout(30_000);
        return socket;
    }

    @Test
    void aWrongSecretIsRefused() {
        assertThatThrownBy(() -> client(server.address(), secret("known to one end")))
                .isInstanceOf(ConnectionException.class)
                .hasMessageContaining("the secret is wrong")
                .hasMessageContaining("same secret file");
    }

    @Test
    void theLayoutIsThatOfTheDocuments() throws Exception {
        byte[] mine = new byte[32];
        new Random(1).nextBytes(mine);
        try (Socket socket = stranger()) {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            send(out, 1, mine);
            byte[] theirs = receive(in, 1);
            send(out, 2, hmac("processional connects", mine, theirs));
            assertThat(receive(in, 2)).isEqualTo(hmac("processional listens", mine, theirs));
        }
    }

    /** The server tells who has the wrong secret nothing that could be of use. */
    @Test
    void aWrongProofIsAnsweredByARefusalAlone() throws Exception {
        try (Socket socket = stranger()) {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            send(out, 1, new byte[32]);
            receive(in, 1);
            send(out, 2, new byte[32]);
            assertThat(receive(in, 3)).isEmpty();
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    /** What the server itself has shown is no proof of the other end's. */
    @Test
    void aProofCannotBeSentBack() throws Exception {
        byte[] mine = new byte[32];
        try (Socket socket = stranger()) {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            send(out, 1, mine);
            byte[] theirs = receive(in, 1);
            send(out, 2, hmac("processional listens", mine, theirs));
            assertThat(receive(in, 3)).isEmpty();
        }
    }

    private static void send(DataOutputStream out, int kind, byte[] value) throws IOException {
        out.writeInt(8 + value.length);
        out.writeInt(MAGIC);
        out.writeByte(1);
        out.writeByte(kind);
        out.writeShort(0);
        out.write(value);
        out.flush();
    }

    private static byte[] receive(DataInputStream in, int kind) throws IOException {
        byte[] value = new byte[in.readInt() - 8];
        assertThat(in.readInt()).isEqualTo(MAGIC);
        assertThat(in.readByte()).isEqualTo((byte) 1);
        assertThat(in.readByte()).isEqualTo((byte) kind);
        assertThat(in.readShort()).isZero();
        in.readFully(value);
        return value;
    }

    private static byte[] hmac(String role, byte[] connecting, byte[] listening) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        mac.update(role.getBytes(StandardCharsets.US_ASCII));
        mac.update(connecting);
        mac.update(listening);
        return mac.doFinal();
    }

    @Test
    void whoListensInPlaceOfTheServerIsRefused() throws Exception {
        try (ServerSocket fake = new ServerSocket(0)) {
            Thread faker = new Thread(() -> {
                try (Socket socket = fake.accept()) {
                    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                    DataInputStream in = new DataInputStream(socket.getInputStream());
                    receive(in, 1);
                    send(out, 1, new byte[32]);
                    byte[] proof = receive(in, 2);
                    send(out, 2, proof); // all that it can know
                    in.read();
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            faker.start();
            assertThatThrownBy(() -> client("tcp://127.0.0.1:" + fake.getLocalPort(), secret(SECRET)))
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("does not know the secret");
            faker.join(30_000);
        }
    }

    @Test
    void aServerThatSaysNothingDoesNotHoldUpItsClientForEver() throws Exception {
        try (ServerSocket silent = new ServerSocket(0)) {
            ClientOptions impatient = ClientOptions.builder()
                    .secret(SECRET)
                    .connectLimit(Duration.ofMillis(300))
                    .build();
            assertThatThrownBy(() -> client("tcp://127.0.0.1:" + silent.getLocalPort(), impatient))
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("did not greet in time");
        }
    }

    @Test
    void randomBytesAndLongFramesAreRefused() throws Exception {
        long seed = Long.getLong("processional.seed", System.nanoTime());
        System.out.println("randomBytesAndLongFramesAreRefused: -Dprocessional.seed=" + seed);
        Random random = new Random(seed);
        for (int i = 0; i < Rounds.of(200); i++) {
            byte[] bytes = new byte[1 + random.nextInt(100)];
            random.nextBytes(bytes);
            if (i % 2 == 0 && bytes.length > 4) { // a frame, at least by its length
                bytes[0] = 0;
                bytes[1] = 0;
                bytes[2] = 0;
                bytes[3] = (byte) Math.min(40, bytes.length - 4);
            }
            try (Socket socket = stranger()) {
                socket.getOutputStream().write(bytes);
                socket.shutdownOutput();
                assertEnds(socket);
            }
        }
        try (Socket socket = stranger()) { // does not wait for the rest of what is too long
            new DataOutputStream(socket.getOutputStream()).writeInt(41);
            assertEnds(socket);
        }
    }

    private static void assertEnds(Socket socket) throws IOException {
        try {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        } catch (java.net.SocketException e) {
            assertThat(e).hasMessageContaining("reset");
        }
    }

    /** More strangers than there are places, who say nothing, do not keep the others out. */
    @Test
    void aFloodOfStrangersDoesNotKeepAGoodClientOut() throws Exception {
        List<Socket> strangers = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                Socket socket = stranger();
                strangers.add(socket);
                if (i % 2 == 0) {
                    send(new DataOutputStream(socket.getOutputStream()), 1, new byte[32]);
                }
            }
            good();
        } finally {
            for (Socket socket : strangers) {
                socket.close();
            }
        }
    }

    /** One byte from time to time does not prolong the greeting. */
    @Test
    void aSlowGreetingEndsWithItsTime() throws Exception {
        Limits limits = Limits.builder().greeting(Duration.ofSeconds(2)).build();
        ServeOptions options =
                ServeOptions.builder().secret(SECRET).limits(limits).build();
        long start = System.nanoTime();
        try (Server patient = serve("tcp://127.0.0.1:0", options);
                Socket socket = stranger(patient)) {
            byte[] bytes = {0, 0, 0, 40, 0x50, 0x52, 0x4f, 0x41, 1, 1};
            socket.setSoTimeout(400);
            boolean open = true;
            for (int i = 0; open; i++) {
                assertThat(System.nanoTime() - start).isLessThan(9_000_000_000L); // all of its bytes would take 17 s
                try {
                    socket.getOutputStream().write(bytes[Math.min(i, bytes.length - 1)]);
                    open = socket.getInputStream().read() >= 0;
                } catch (java.net.SocketTimeoutException e) {
                    continue;
                } catch (java.net.SocketException e) {
                    open = false;
                }
            }
        }
        assertThat(System.nanoTime() - start).isGreaterThan(1_500_000_000L);
    }
}
