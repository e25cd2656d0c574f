// SPDX-License-Identifier: Apache-2.0
package org.processional.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.Isolated;
import org.processional.spi.Address;
import org.processional.spi.Connection;
import org.processional.spi.FrameHandler;
import org.processional.spi.LimitableConnection;
import org.processional.spi.Listener;
import org.processional.spi.Transport;

/**
 * What holds of every transport: extend it, and say which. A pollable one extends {@link PollableTransportRules}.
 *
 * <p><b>Threads:</b> JUnit's; every rule makes and ends its own connections and threads.
 *
 * @since 0.1
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // who waits for ever hears no interrupt
@Isolated
@Execution(ExecutionMode.SAME_THREAD)
@TestMethodOrder(MethodOrderer.MethodName.class)
public abstract class TransportRules {
    private static final FrameHandler IGNORE = (frame, owned) -> {};
    private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE); // longer than nanoseconds can count

    /** So often is looked once: who waits a little each time is not through with it in the time of a rule. */
    static final int LOOKS = 1000;

    /** For subclasses. */
    protected TransportRules() {}

    // ---- what an implementer says

    /** The transport; the same one or another every time. */
    protected abstract Transport transport();

    /** An address to listen at, which no other rule uses. */
    protected Address address() throws IOException {
        return transport().freshAddress();
    }

    /**
     * The longest frame to send, in bytes; the test JVM must bear four of them. At least 16 KiB, at most the limit of the
     * transport.
     */
    protected int largestBytes() {
        return 16 << 20;
    }

    /** How often to repeat what is random, of a full count. */
    protected int rounds(int full) {
        return Math.max(1, full / 10);
    }

    /**
     * The command that starts a JVM with the class path of this one, up to the name of the class; empty if the transport
     * does not leave its process.
     */
    protected Optional<List<String>> otherJvm() {
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return Optional.of(List.of(java, "-XX:TieredStopAtLevel=1", "-cp", path));
    }

    /** What listeners and connections left in the system though they are closed: files, say. */
    protected List<String> leftBehind() throws IOException {
        return List.of();
    }

    /** Whether one end cannot send before the other takes part, as with TLS; they then meet before a rule begins. */
    protected boolean endsMeetFirst() {
        return false;
    }

    // ---- what rules begin with

    /** Two ends of a new connection. */
    final Pair pair() throws Exception {
        return pair(address());
    }

    /** Two ends of a new connection at an address. */
    final Pair pair(Address address) throws Exception {
        Listener listener = transport().listen(address);
        try {
            Background<Connection> client = connecting(listener.address());
            Connection server = accept(listener);
            return new Pair(listener, client.result(), server);
        } catch (Exception | Error e) {
            listener.close();
            throw e;
        }
    }

    /** A client on its way, which somebody is to {@link #accept}. */
    final Background<Connection> connecting(Address address) {
        return Background.start(() -> {
            Connection client = transport().connect(address, Eventually.limit());
            if (endsMeetFirst()) {
                Meeting.asClient(client);
            }
            return client;
        });
    }

    /** The next connection, which is on its way. */
    final Connection accept(Listener listener) throws IOException {
        Connection server = listener.accept(Eventually.limit());
        if (server == null) {
            throw new AssertionError("nobody was accepted within " + Eventually.limit());
        }
        try {
            if (endsMeetFirst()) {
                Meeting.asServer(server);
            }
        } catch (IOException | RuntimeException | Error e) {
            server.close();
            throw e;
        }
        return server;
    }

    /** A length, if a frame can have it here, or else the longest. */
    final int bytes(int wanted) {
        return Math.min(wanted, largestBytes());
    }

    static long millisSince(long start) {
        return (System.nanoTime() - start) / 1_000_000;
    }

    // ---- frames

    /** Frames arrive whole, once, in the order of sending, in both directions. */
    @Test
    public void t01_framesArriveWholeAndInOrder() throws Exception {
        try (Pair pair = pair()) {
            int[] lengths = new int[rounds(2000)];
            for (int i = 0; i < lengths.length; i++) {
                lengths[i] = 1 + i * 37 % 3000;
            }
            exchange(pair.client(), pair.server(), lengths);
            exchange(pair.server(), pair.client(), lengths);
        }
    }

    private static void exchange(Connection from, Connection to, int... lengths) throws Exception {
        Background<Integer> sender = Background.start(() -> {
            for (int i = 0; i < lengths.length; i++) {
                from.send(Frame.of(i, lengths[i]));
            }
            from.flush();
            return 0;
        });
        Frame.receive(to, lengths);
        assertThat(sender.result()).isZero();
    }

    /** A frame has any length from 0 to the limit; both ends have the same limit. */
    @Test
    public void t02_framesOfAllLengths() throws Exception {
        try (Pair pair = pair()) {
            assertThat(pair.server().maxFrameBytes()).isEqualTo(pair.client().maxFrameBytes());
            transport()
                    .maxFrameBytes()
                    .ifPresent(known -> assertThat(known)
                            .as("the limit of the transport is that of its connections")
                            .isEqualTo(pair.client().maxFrameBytes()));
            int largest = Math.min(largestBytes(), pair.client().maxFrameBytes());
            List<Integer> lengths = new ArrayList<>(List.of(0, 1, 2, 0));
            for (int power = 4; power <= largest && power > 0; power *= 4) {
                lengths.addAll(List.of(power - 1, power, Math.min(power + 1, largest)));
            }
            for (int power = 64; power <= Math.min(largest, 1 << 18); power *= 2) {
                for (int header = 2; header <= 8; header++) { // with a length or more of the transport's own
                    lengths.add(power - header);
                }
            }
            lengths.add(largest);
            lengths.add(0);
            exchange(
                    pair.client(),
                    pair.server(),
                    lengths.stream().mapToInt(Integer::intValue).toArray());
        }
    }

    /** A frame beyond the limit is refused with IllegalArgumentException, and nothing is sent. */
    @Test
    public void t03_aFrameBeyondTheLimitIsRefused() throws Exception {
        try (Pair pair = pair()) {
            ByteBuffer tooLong = beyond(pair);
            Background<Integer> sender = Background.start(() -> {
                pair.client().send(tooLong);
                return 0;
            });
            assertThat(sender.failure()).isInstanceOf(IllegalArgumentException.class);
            Frame.send(pair.client(), Frame.of(0, 10));
            Frame.receive(pair.server(), 10);
        }
    }

    /** A frame that is one byte too long, in a file with a hole: it takes no memory. */
    static ByteBuffer beyond(Pair pair) throws IOException {
        int limit = pair.client().maxFrameBytes();
        if (limit == Integer.MAX_VALUE) {
            Assumptions.abort("no buffer is longer than a frame may be");
        }
        Path file = Files.createTempFile("tck", null);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, limit + 1L);
        } finally {
            Files.delete(file);
        }
    }

    /** After send the position is at the limit, and the buffer is the caller's again; every kind of buffer is taken. */
    @Test
    public void t04_theBufferIsFreeAfterSend() throws Exception {
        try (Pair pair = pair()) {
            int[] lengths = {100, 100, 100, 100};
            ByteBuffer heap = Frame.of(0, 100);
            pair.client().send(heap);
            assertThat(heap.remaining()).isZero();
            heap.clear().put(Frame.of(1, 100)).flip();
            pair.client().send(heap);
            heap.clear().put(new byte[100]);
            ByteBuffer direct = ByteBuffer.allocateDirect(200).position(50);
            direct.put(Frame.of(2, 100)).flip().position(50);
            pair.client().send(direct);
            assertThat(direct.position()).isEqualTo(150);
            assertThat(direct.limit()).isEqualTo(150);
            direct.clear().put(new byte[200]);
            ByteBuffer readOnly = Frame.of(3, 100).asReadOnlyBuffer();
            pair.client().send(readOnly);
            assertThat(readOnly.remaining()).isZero();
            pair.client().flush();
            Frame.receive(pair.server(), lengths);
        }
    }

    // ---- limits of time

    /** receive waits its time and no longer; with zero it looks once. */
    @Test
    public void t05_receiveKeepsItsLimit() throws Exception {
        try (Pair pair = pair()) {
            Background<Long> look = Background.start(() -> {
                for (int i = 0; i < LOOKS; i++) {
                    assertThat(pair.client().receive(IGNORE, Duration.ZERO)).isZero();
                }
                long start = System.nanoTime();
                assertThat(pair.client().receive(IGNORE, Duration.ofMillis(50))).isZero();
                return millisSince(start);
            });
            assertThat(look.result()).isGreaterThanOrEqualTo(49);
        }
    }

    /** accept waits its time and no longer, then gives null; with zero it looks once. */
    @Test
    public void t06_acceptKeepsItsLimit() throws Exception {
        try (Listener listener = transport().listen(address())) {
            Background<Long> look = Background.start(() -> {
                for (int i = 0; i < LOOKS; i++) {
                    assertThat(listener.accept(Duration.ZERO)).isNull();
                }
                long start = System.nanoTime();
                assertThat(listener.accept(Duration.ofMillis(50))).isNull();
                return millisSince(start);
            });
            assertThat(look.result()).isGreaterThanOrEqualTo(49);
        }
    }

    /** connect without a listener waits its time and no longer, then throws ConnectException. */
    @Test
    public void t07_connectKeepsItsLimit() throws Exception {
        Address nobody = address();
        Background<Long> attempt = Background.start(() -> {
            assertThatThrownBy(() -> transport().connect(nobody, Duration.ZERO)).isInstanceOf(ConnectException.class);
            long start = System.nanoTime();
            assertThatThrownBy(() -> transport().connect(nobody, Duration.ofMillis(50)))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining(nobody.target());
            return millisSince(start);
        });
        assertThat(attempt.result()).isGreaterThanOrEqualTo(49);
    }

    /** connect waits for its listener to appear. */
    @Test
    public void t08_connectWaitsForItsListener() throws Exception {
        Address address = address();
        Background<Connection> early = connecting(address).awaitWaiting();
        try (Listener listener = transport().listen(address);
                Connection server = accept(listener);
                Connection client = early.result()) {
            Frame.send(client, Frame.of(0, 10));
            Frame.receive(server, 10);
        }
    }

    // ---- the end

    /** What was flushed before close arrives, then EOFException, every time. */
    @Test
    public void t09_whatWasFlushedBeforeCloseArrives() throws Exception {
        for (int i = 0; i < rounds(200); i++) {
            try (Pair pair = pair()) {
                int[] lengths = new int[20];
                for (int k = 0; k < lengths.length; k++) {
                    lengths[k] = 100 + k;
                    pair.client().send(Frame.of(k, lengths[k]));
                }
                pair.client().flush();
                pair.client().close();
                Frame.receive(pair.server(), lengths);
                assertEnd(pair.server());
                assertEnd(pair.server());
            }
        }
    }

    static void assertEnd(Connection connection) {
        Background<Integer> receiver = Background.start(() -> connection.receive(IGNORE, Eventually.limit()));
        assertThat(receiver.failure()).isInstanceOf(EOFException.class);
    }

    /** After the peer was killed, what it had sent is received, then EOFException. */
    @Test
    public void t10_aKilledPeerIsAnEnd() throws Exception {
        int[] lengths = new int[PeerProgram.FRAMES];
        Arrays.fill(lengths, PeerProgram.FRAME_BYTES);
        Optional<List<String>> java = otherJvm();
        if (java.isEmpty()) { // nobody can be killed: an end without a word is the nearest there is
            try (Pair pair = pair()) {
                for (int i = 0; i < lengths.length; i++) {
                    Frame.send(pair.client(), Frame.of(i, lengths[i]));
                }
                pair.client().close();
                Frame.receive(pair.server(), lengths);
                assertEnd(pair.server());
            }
            return;
        }
        try (Listener listener = transport().listen(address())) {
            Process process =
                    peer(java.get(), endsMeetFirst() ? PeerProgram.MEET : PeerProgram.CONNECT, listener.address());
            try (Connection server = accept(listener)) {
                assertThat(process.inputReader().readLine()).isEqualTo("sent");
                process.destroyForcibly().waitFor();
                Frame.receive(server, lengths);
                assertEnd(server);
            } catch (AssertionError e) {
                throw new AssertionError(e.getMessage() + "; " + endOf(process), e);
            } finally {
                process.destroyForcibly();
            }
        }
    }

    /** Another JVM that does something with this transport. */
    private Process peer(List<String> java, String what, Address address) throws IOException {
        List<String> line = new ArrayList<>(java);
        line.addAll(List.of(
                PeerProgram.class.getName(), what, transport().getClass().getName(), address.toString()));
        return new ProcessBuilder(line).redirectErrorStream(true).start();
    }

    /** What a process has said in the end, which is now. */
    private static String endOf(Process process) throws Exception {
        process.destroyForcibly().waitFor();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return "the other JVM ended with " + process.exitValue() + ", and said: " + said;
    }

    /** close wakes who receives, with an IOException. */
    @Test
    public void t11_closeWakesReceive() throws Exception {
        for (int i = 0; i < rounds(50); i++) {
            try (Pair pair = pair()) {
                Background<Integer> receiver =
                        Background.start(() -> pair.client().receive(IGNORE, FOREVER));
                receiver.awaitWaiting();
                pair.client().close();
                assertThat(receiver.failure()).isInstanceOf(IOException.class);
            }
        }
    }

    /** close wakes who sends while the peer takes nothing, with an IOException; so does the close of the peer. */
    @Test
    public void t12_closeWakesSend() throws Exception {
        for (int i = 0; i < Math.max(2, rounds(20)); i++) {
            try (Pair pair = pair()) {
                Background<Integer> sender = Background.start(() -> sendWithoutEnd(pair.client(), bytes(100_000)));
                sender.awaitWaiting();
                Connection closing = i % 2 == 0 ? pair.client() : pair.server();
                closing.close();
                assertThat(sender.failure()).isInstanceOf(IOException.class);
            }
        }
    }

    private static int sendWithoutEnd(Connection connection, int bytes) throws IOException {
        ByteBuffer frame = Frame.of(0, bytes);
        while (true) {
            Frame.send(connection, frame.rewind());
        }
    }

    /** close wakes who accepts, with an IOException. */
    @Test
    public void t13_closeWakesAccept() throws Exception {
        for (int i = 0; i < rounds(50); i++) {
            try (Listener listener = transport().listen(address())) {
                Background<Connection> acceptor = Background.start(() -> listener.accept(FOREVER));
                acceptor.awaitWaiting();
                listener.close();
                assertThat(acceptor.failure()).isInstanceOf(IOException.class);
            }
        }
    }

    /** close can be called again; everything else then throws IOException. */
    @Test
    public void t14_closeTwice() throws Exception {
        try (Pair pair = pair()) {
            pair.client().close();
            pair.client().close();
            pair.listener().close();
            pair.listener().close();
            assertThatThrownBy(() -> pair.client().send(Frame.of(0, 1))).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> pair.client().flush()).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> pair.client().receive(IGNORE, Duration.ZERO))
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> pair.listener().accept(Duration.ZERO)).isInstanceOf(IOException.class);
            assertThat(pair.client().peer()).isNotEmpty();
        }
    }

    // ---- addresses

    /** The address of a live listener is refused, by name; the listener is not harmed. */
    @Test
    public void t15_aLiveAddressIsRefused() throws Exception {
        try (Pair pair = pair()) {
            Address address = pair.listener().address();
            assertThatThrownBy(() -> transport().listen(address))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(address.target());
            Background<Connection> connecting = connecting(address);
            try (Connection server = acceptAnother(pair.listener());
                    Connection another = connecting.result()) {
                Frame.send(server, Frame.of(0, 10));
                Frame.receive(another, 10);
            }
        }
    }

    /** The one who was refused may have looked in: its connection, if there is one, has ended. */
    private Connection acceptAnother(Listener listener) throws IOException {
        while (true) {
            Connection server;
            try {
                server = accept(listener);
            } catch (EOFException e) {
                continue; // that was the look
            }
            if (isOpen(server)) {
                return server;
            }
            server.close();
        }
    }

    /** Whether the other end has not gone at once. */
    private static boolean isOpen(Connection connection) throws IOException {
        try {
            return connection.receive(IGNORE, Duration.ofMillis(20)) == 0;
        } catch (EOFException e) {
            return false;
        }
    }

    /** The address of a closed listener is free; its connections live on. */
    @Test
    public void t16_theAddressOfAClosedListenerIsFree() throws Exception {
        try (Pair old = pair()) {
            Address address = old.listener().address();
            old.listener().close();
            assertThatThrownBy(() -> transport().connect(address, Duration.ZERO))
                    .isInstanceOf(ConnectException.class);
            try (Pair young = pair(address)) {
                Frame.send(old.client(), Frame.of(0, 10));
                Frame.receive(old.server(), 10);
                Frame.send(young.client(), Frame.of(0, 20));
                Frame.receive(young.server(), 20);
            }
        }
    }

    /** Fresh addresses are of the scheme, and can all be listened at, one beside the other. */
    @Test
    public void t17_freshAddresses() throws Exception {
        List<Listener> all = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                Address address = i % 2 == 0
                        ? transport().freshAddress()
                        : transport().freshAddressLike(all.get(i - 1).address());
                assertThat(address.scheme()).isEqualTo(transport().scheme());
                assertThat(Address.parse(address.toString())).isEqualTo(address);
                all.add(transport().listen(address));
            }
            assertThat(all.stream().map(Listener::address)).doesNotHaveDuplicates();
        } finally {
            all.forEach(Listener::close);
        }
    }

    // ---- load

    /** A hundred clients connect at once, and each has its own frames. */
    @Test
    public void t18_aHundredClients() throws Exception {
        int count = 100;
        List<Connection> all = new ArrayList<>();
        try (Listener listener = transport().listen(address())) {
            Background<List<Connection>> acceptor = Background.start(() -> {
                List<Connection> accepted = new ArrayList<>();
                while (accepted.size() < count) {
                    accepted.add(accept(listener));
                }
                return accepted;
            });
            List<Background<Connection>> clients = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                clients.add(connecting(listener.address()));
            }
            for (int i = 0; i < count; i++) {
                Connection client = clients.get(i).result();
                all.add(client);
                Frame.send(client, Frame.of(0, i + 1));
            }
            List<Connection> servers = acceptor.result();
            assertThat(servers).hasSize(count);
            Set<Integer> lengths = new HashSet<>();
            for (Connection server : servers) {
                server.receive((frame, owned) -> lengths.add(frame.remaining()), Eventually.limit());
            }
            all.addAll(servers);
            assertThat(lengths).hasSize(count);
        } finally {
            all.forEach(Connection::close);
        }
    }

    /** Both ends send and receive at once, more than any buffer holds, and neither waits for ever. */
    @Test
    public void t19_bothDirectionsAtOnce() throws Exception {
        try (Pair pair = pair()) {
            int[] lengths = new int[rounds(2000)];
            for (int i = 0; i < lengths.length; i++) {
                lengths[i] = bytes(i * 7919 % 60_000);
            }
            CyclicBarrier together = new CyclicBarrier(2);
            Background<Integer> there = Background.start(() -> {
                together.await();
                exchange(pair.client(), pair.server(), lengths);
                return 0;
            });
            together.await();
            exchange(pair.server(), pair.client(), lengths);
            assertThat(there.result()).isZero();
        }
    }

    // ---- interrupts

    /** With the interrupt flag set, send and flush work, and keep it. */
    @Test
    public void t20_anInterruptedThreadSends() throws Exception {
        try (Pair pair = pair()) {
            int[] lengths = new int[50];
            Arrays.setAll(lengths, i -> bytes(i * 1000));
            Background<Boolean> sender = Background.start(() -> {
                Thread.currentThread().interrupt();
                for (int i = 0; i < lengths.length; i++) {
                    pair.client().send(Frame.of(i, lengths[i]));
                    pair.client().flush();
                }
                return Thread.interrupted();
            });
            Frame.receive(pair.server(), lengths);
            assertThat(sender.result()).as("the flag is kept").isTrue();
            Frame.send(pair.server(), Frame.of(0, 10));
            Frame.receive(pair.client(), 10);
        }
    }

    /** Interrupts tear no frame while the sender waits for room. */
    @Test
    public void t21_interruptsTearNoFrame() throws Exception {
        try (Pair pair = pair()) {
            int[] lengths = new int[rounds(300)];
            Arrays.setAll(lengths, i -> bytes(i * 7919 % 200_000));
            Background<Integer> sender = Background.start(() -> {
                while (!Thread.currentThread().isInterrupted()) { // so that all is sent under interrupts
                    Thread.onSpinWait();
                }
                for (int i = 0; i < lengths.length; i++) {
                    Frame.send(pair.client(), Frame.of(i, lengths[i]));
                }
                Thread.interrupted();
                return 0;
            });
            Background<Integer> receiver = Background.start(() -> {
                Frame.receive(pair.server(), lengths);
                return 0;
            });
            long deadline = System.nanoTime() + Eventually.limit().toNanos();
            while (!sender.isDone() && !receiver.isDone() && System.nanoTime() - deadline < 0) {
                sender.interrupt();
                LockSupport.parkNanos(100_000);
            }
            assertThat(receiver.result()).isZero();
            assertThat(sender.result()).isZero();
        }
    }

    /** The interrupt flag ends the wait of receive, and stays set; the connection lives. */
    @Test
    public void t22_anInterruptEndsReceive() throws Exception {
        try (Pair pair = pair()) {
            Background<Boolean> receiver = Background.start(() -> {
                assertThat(pair.client().receive(IGNORE, FOREVER)).isZero();
                assertThat(Thread.currentThread().isInterrupted()).isTrue();
                assertThat(pair.client().receive(IGNORE, FOREVER)).isZero();
                return Thread.interrupted();
            });
            receiver.awaitWaiting();
            receiver.interrupt();
            assertThat(receiver.result()).as("the flag is kept").isTrue();
            Frame.send(pair.server(), Frame.of(0, 10));
            Frame.receive(pair.client(), 10);
        }
    }

    /** The interrupt flag ends the waits of accept (with null) and connect (with an exception), and stays set. */
    @Test
    public void t23_anInterruptEndsAcceptAndConnect() throws Exception {
        try (Listener listener = transport().listen(address())) {
            Background<Boolean> acceptor = Background.start(() -> {
                assertThat(listener.accept(FOREVER)).isNull();
                return Thread.interrupted();
            });
            acceptor.awaitWaiting();
            acceptor.interrupt();
            assertThat(acceptor.result()).isTrue();
            Address nobody = address();
            Background<Boolean> connector = Background.start(() -> {
                assertThatThrownBy(() -> transport().connect(nobody, FOREVER))
                        .isInstanceOf(ClosedByInterruptException.class);
                return Thread.interrupted();
            });
            connector.awaitWaiting();
            connector.interrupt();
            assertThat(connector.result()).isTrue();
            Background<Connection> connecting = connecting(listener.address());
            try (Connection server = accept(listener);
                    Connection client = connecting.result()) {
                Frame.send(client, Frame.of(0, 10));
                Frame.receive(server, 10);
            }
        }
    }

    // ---- handlers

    /** A handler that throws has had its frame, and may have changed the buffer: the next call goes on behind it. */
    @Test
    public void t25_aHandlerMayThrow() throws Exception {
        try (Pair pair = pair()) {
            for (int i = 0; i < 4; i++) {
                pair.client().send(Frame.of(i - 2, 10 + i));
            }
            pair.client().flush();
            FrameHandler failing = (frame, owned) -> {
                frame.order(ByteOrder.LITTLE_ENDIAN).clear();
                throw new IllegalStateException("handler");
            };
            for (int i = 0; i < 2; i++) {
                Background<Integer> receiver =
                        Background.start(() -> pair.server().receive(failing, Eventually.limit()));
                assertThat(receiver.failure()).hasMessage("handler");
            }
            Frame.receive(pair.server(), 12, 13);
        }
    }

    /** A handler may send what there is room for, flush, and close the connection that calls it. */
    @Test
    public void t28_aHandlerMaySendAndClose() throws Exception {
        int[] lengths = {10, 1000, 0, 3000};
        try (Pair pair = pair()) {
            Connection server = pair.server();
            sendAll(pair.client(), lengths);
            Background<Integer> echo = Background.start(() -> {
                int frames = 0;
                while (frames < lengths.length) {
                    int more = server.receive((frame, owned) -> sendBack(server, frame), Eventually.limit());
                    assertThat(more)
                            .as("frames beside the %d that came", frames)
                            .isPositive();
                    frames += more;
                }
                return frames;
            });
            assertThat(echo.result()).isEqualTo(lengths.length);
            Frame.receive(pair.client(), lengths);
        }
        try (Pair pair = pair()) {
            Connection server = pair.server();
            sendAll(pair.client(), 10, 20, 30);
            Background<Integer> closing =
                    Background.start(() -> server.receive((frame, owned) -> server.close(), FOREVER));
            try {
                assertThat(closing.result()).isPositive();
            } catch (IOException e) {
                // it may tell that it was closed here
            }
            assertThatThrownBy(() -> server.receive(IGNORE, Duration.ZERO)).isInstanceOf(IOException.class);
            assertEnd(pair.client());
        }
    }

    private static void sendAll(Connection connection, int... lengths) throws IOException {
        for (int i = 0; i < lengths.length; i++) {
            connection.send(Frame.of(i, lengths[i]));
        }
        connection.flush();
    }

    private static void sendBack(Connection connection, ByteBuffer frame) {
        try {
            Frame.send(connection, frame);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- ends on both sides

    /** After a send has failed because the peer is gone, what that had sent is received, then EOFException. */
    @Test
    public void t29_aSendThatFailsLosesNothingThatCame() throws Exception {
        int[] lengths = new int[20];
        Arrays.setAll(lengths, i -> 500 + i);
        for (int i = 0; i < Math.max(2, rounds(20)); i++) {
            try (Pair pair = pair()) {
                Connection gone = i % 2 == 0 ? pair.server() : pair.client();
                Connection left = i % 2 == 0 ? pair.client() : pair.server();
                sendAll(gone, lengths);
                gone.close();
                Background<Integer> sender = Background.start(() -> sendWithoutEnd(left, 10_000));
                assertThat(sender.failure()).isInstanceOf(IOException.class);
                Frame.receive(left, lengths);
                assertEnd(left);
            }
        }
    }

    /** What was flushed before close arrives, also where the one who closed has left something unread. */
    @Test
    public void t30_whatIsLeftUnreadTakesNothingFromThePeer() throws Exception {
        int[] little = new int[20];
        Arrays.setAll(little, i -> 500 + i);
        int[] much = new int[8]; // more than a peer has room for that does not read
        Arrays.fill(much, bytes(64 << 10));
        for (int i = 0; i < Math.max(2, rounds(20)); i++) {
            try (Pair pair = pair()) {
                assertThat(closing(pair, little).result()).isZero();
                Frame.receive(pair.client(), little);
                assertEnd(pair.client());
            }
            try (Pair pair = pair()) {
                Background<Integer> closing = closing(pair, much).awaitWaiting(); // for room, or is closed
                Frame.receive(pair.client(), much);
                assertThat(closing.result()).isZero();
                assertEnd(pair.client());
            }
        }
    }

    /** A server that sends and closes, and reads nothing of what has come. */
    private static Background<Integer> closing(Pair pair, int... lengths) throws IOException {
        sendAll(pair.client(), 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000);
        return Background.start(() -> {
            sendAll(pair.server(), lengths);
            pair.server().close();
            return 0;
        });
    }

    // ---- strangers

    /** Where the frames to receive can be limited, one of that length arrives, and a longer one breaks the connection. */
    @Test
    public void t26_aFrameAboveTheLimitOfTheReceiverIsRefused() throws Exception {
        int limit = 100;
        for (int tooLong : new int[] {limit + 1, 9_000}) {
            try (Pair pair = pair()) {
                LimitableConnection server = limitable(pair);
                exchange(pair.client(), server, tooLong);
                server.limitIncoming(limit);
                exchange(pair.client(), server, limit, 0, limit);
                Background<Integer> sender = Background.start(() -> {
                    Frame.send(pair.client(), Frame.of(0, tooLong));
                    return 0;
                });
                Background<Integer> receiver = Background.start(() -> server.receive(IGNORE, Eventually.limit()));
                assertThat(receiver.failure())
                        .isInstanceOf(IOException.class)
                        .isNotInstanceOf(EOFException.class)
                        .hasMessageContaining(String.valueOf(limit));
                assertThatThrownBy(() -> server.receive(IGNORE, Duration.ZERO)).isInstanceOf(IOException.class);
                server.close();
                Eventually.until("the sender ends", sender::isDone);
            }
        }
    }

    /** A limit that is raised again lets longer frames through. */
    @Test
    public void t27_aLimitOfTheReceiverCanBeRaised() throws Exception {
        try (Pair pair = pair()) {
            LimitableConnection server = limitable(pair);
            server.limitIncoming(100);
            exchange(pair.client(), server, 100);
            server.limitIncoming(server.maxFrameBytes());
            exchange(pair.client(), server, 101, 9_000, bytes(1 << 20));
        }
    }

    private static LimitableConnection limitable(Pair pair) {
        if (pair.server() instanceof LimitableConnection server) {
            return server;
        }
        return Assumptions.abort("its connections are no LimitableConnections");
    }

    // ---- listeners

    /** The address of a listener that was killed can be listened at again. */
    @Test
    public void t46_theAddressOfAKilledListenerIsFree() throws Exception {
        List<String> java = otherJvm().orElseGet(() -> Assumptions.abort("it does not leave this JVM"));
        Process process = peer(java, PeerProgram.LISTEN, address());
        try {
            String said = String.valueOf(process.inputReader().readLine());
            assertThat(said).as("the other JVM says where it listens").startsWith(PeerProgram.LISTENS);
            process.destroyForcibly().waitFor();
            try (Pair pair = pair(Address.parse(said.substring(PeerProgram.LISTENS.length())))) {
                Frame.send(pair.client(), Frame.of(0, 10));
                Frame.receive(pair.server(), 10);
            }
        } finally {
            process.destroyForcibly();
        }
    }

    /** A client is connected before anybody accepts it, and what it has sent by then arrives. */
    @Test
    public void t47_connectWaitsForNoAccept() throws Exception {
        if (endsMeetFirst()) {
            Assumptions.abort("both ends have to take part");
        }
        try (Listener listener = transport().listen(address())) {
            Background<Connection> early =
                    Background.start(() -> transport().connect(listener.address(), Eventually.limit()));
            try (Connection client = early.result()) {
                Frame.send(client, Frame.of(0, 10));
                try (Connection server = accept(listener)) {
                    Frame.receive(server, 10);
                }
            }
        }
    }

    /** An option of an address that nobody knows is refused, by name. */
    @Test
    public void t48_anUnknownOptionIsRefused() throws Exception {
        Address fresh = address();
        Map<String, String> options = new HashMap<>(fresh.options());
        options.put("no-such-option", "1");
        Address odd = new Address(fresh.scheme(), fresh.target(), options);
        assertThatThrownBy(() -> transport().listen(odd).close())
                .isInstanceOfAny(IOException.class, IllegalArgumentException.class)
                .hasMessageContaining("no-such-option");
        assertThatThrownBy(() -> transport().connect(odd, Duration.ZERO).close())
                .isInstanceOfAny(IOException.class, IllegalArgumentException.class)
                .hasMessageContaining("no-such-option");
    }

    // ---- nothing stays

    /** After everything is closed, no thread and nothing else is left. */
    @Test
    public void t24_nothingIsLeft() throws Exception {
        pair().close(); // what is loaded once may stay
        Eventually.until("threads of other rules end", () -> threads().isEmpty());
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        for (int i = 0; i < 5; i++) {
            try (Pair pair = pair()) {
                Frame.send(pair.client(), Frame.of(0, 10));
                Frame.receive(pair.server(), 10);
                attend(pair);
                Background<Integer> receiver =
                        Background.start(() -> pair.client().receive(IGNORE, FOREVER));
                receiver.awaitWaiting();
                pair.server().close();
                assertThat(receiver.failure()).isInstanceOf(EOFException.class);
            }
        }
        Eventually.until("no thread is left", () -> {
            Set<Thread> after = new HashSet<>(Thread.getAllStackTraces().keySet());
            after.removeAll(before);
            after.removeIf(TransportRules::isOfTheJvm);
            return after.isEmpty();
        });
        assertThat(leftBehind()).isEmpty();
    }

    /** Does what else can leave something behind. */
    void attend(Pair pair) throws IOException {
        assertThat(pair.client().peer()).isNotEmpty();
    }

    /** Threads that the JVM or JUnit starts when it likes. */
    private static boolean isOfTheJvm(Thread thread) {
        ThreadGroup group = thread.getThreadGroup();
        return group == null
                || group.getName().equals("system")
                || thread.getName().startsWith("junit")
                || thread.getName().startsWith("process reaper");
    }

    private static List<Thread> threads() {
        List<Thread> found = new ArrayList<>(Thread.getAllStackTraces().keySet());
        found.removeIf(thread -> !thread.getName().equals("tck-background"));
        return found;
    }
}
