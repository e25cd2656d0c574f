// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.unix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.processional.spi.Address;
import org.processional.spi.channel.ChannelConnection;

@Timeout(120)
final class UnixListenerTest {
    private final UnixTransport transport = new UnixTransport();

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void connectToNobodyTellsTheAddressAndTheCure(Kind kind) {
        Address address = kind.address(directory);
        for (Duration wait : new Duration[] {Duration.ZERO, Duration.ofMillis(20)}) {
            assertThatThrownBy(() -> transport.connect(address, wait))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining(address.toString())
                    .hasMessageContaining(wait.toMillis() + " ms")
                    .hasMessageContaining("start the listener");
        }
    }

    @ParameterizedTest
    @EnumSource
    void theInterruptFlagDoesNotDisturbListenConnectAndAccept(Kind kind) throws Exception {
        Thread.currentThread().interrupt();
        try (UnixListener listener = transport.listen(kind.address(directory))) {
            assertThat(listener.accept(Pair.LONG)).isNull();
            try (ChannelConnection client = transport.connect(listener.address(), Pair.LONG);
                    ChannelConnection server = listener.accept(Pair.LONG)) {
                assertThat(Thread.interrupted()).isTrue();
                Pair.sendAndFlush(client, ByteBuffer.allocate(3));
                assertThat(Pair.receiveOne(server)).hasSize(3);
            }
        } finally {
            Thread.interrupted();
        }
    }

    /** In a folder in which the name of a socket, in a hidden folder, just fits. */
    @Test
    void theLongestFolderCanBeListenedIn() throws Exception {
        int longest = 106 - "/.xxxx/s".length();
        Path folder =
                directory.resolve("x".repeat(longest - directory.toString().length() - 1));
        Files.createDirectory(folder);
        for (int i = 0; i < 20; i++) {
            transport
                    .listen(new Address("unix", folder.resolve("s").toString(), Map.of()))
                    .close();
        }
        assertThat(left()).containsExactly(folder);
    }

    @Test
    void anInterruptAtTheEndOfABindLeavesWhatWasBound() throws Exception {
        BindLock lock = BindLock.acquire(directory.resolve("s"));
        Thread.currentThread().interrupt();
        lock.close();
        assertThat(Thread.interrupted()).isTrue();
        BindLock.acquire(directory.resolve("s")).close();
        assertThat(left()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aLiveListenerKeepsItsAddress(Kind kind) throws Exception {
        try (Pair pair = Pair.open(kind, directory)) {
            Address address = pair.listener().address();
            assertThatThrownBy(() -> transport.listen(address))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("address in use")
                    .hasMessageContaining(address.toString());
            Pair.sendAndFlush(pair.client(), ByteBuffer.allocate(4));
            assertThat(Pair.receiveOne(pair.server())).hasSize(4);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theAddressOfAKilledListenerCanBeUsedAgain(Kind kind) throws Exception {
        Address address = kind.address(directory);
        try (Jvm peer = Jvm.start("listen", address.toString())) {
            assertThat(peer.line()).isEqualTo("listening");
            peer.kill();
        }
        assertThat(left()).hasSize(kind == Kind.ABSTRACT ? 0 : 1);
        if (kind != Kind.ABSTRACT) {
            assertThatThrownBy(() -> transport.connect(address, Duration.ZERO))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("left of a dead process");
        }
        try (UnixListener listener = transport.listen(address);
                ChannelConnection client = transport.connect(address, Duration.ZERO)) {
            assertThat(client.isClosed()).isFalse();
            assertThat(listener.address()).isEqualTo(address);
        }
        assertThat(left()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void ofManyThreadsExactlyOneBindsADeadAddress(Kind kind) throws Exception {
        int threads = 8;
        for (int round = 0; round < Rounds.of(100); round++) {
            Address address = kind.address(directory);
            leaveDeadSocket(address);
            CountDownLatch start = new CountDownLatch(1);
            List<Background<UnixListener>> racers = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                racers.add(Background.start(() -> {
                    start.await();
                    return transport.listen(address);
                }));
            }
            start.countDown();
            UnixListener winner = null;
            for (Background<UnixListener> racer : racers) {
                Throwable failure = racer.failure();
                if (failure instanceof AssertionError) {
                    assertThat(winner).isNull();
                    winner = racer.result();
                } else {
                    assertThat(failure).hasMessageContaining("address in use");
                }
            }
            assertThat(winner).isNotNull();
            try (ChannelConnection client = transport.connect(address, Duration.ZERO)) {
                assertThat(client.isClosed()).isFalse();
            }
            winner.close();
            assertThat(left()).isEmpty();
        }
    }

    @Test
    void ofManyProcessesExactlyOneBindsADeadAddress() throws Exception {
        Address address = Kind.JDK.address(directory);
        leaveDeadSocket(address);
        List<Jvm> racers = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                racers.add(Jvm.startBare(List.of(), List.of(), "race", address.toString()));
            }
            for (Jvm racer : racers) {
                assertThat(racer.line()).isEqualTo("ready");
            }
            for (Jvm racer : racers) {
                racer.say("");
            }
            List<String> results = new ArrayList<>();
            for (Jvm racer : racers) {
                results.add(racer.line());
            }
            assertThat(results).containsExactlyInAnyOrder("won", "lost", "lost", "lost");
            assertThat(left()).hasSize(1);
        } finally {
            for (Jvm racer : racers) {
                racer.close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "ABSTRACT")
    void theFileIsForTheOwnerAloneAndNothingElseIsLeft(Kind kind) throws Exception {
        Address address = kind.address(directory);
        Path file = Path.of(address.target());
        try (UnixListener listener = transport.listen(address)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(left()).containsExactly(file);
            assertThat(listener.address()).isEqualTo(address);
        }
        assertThat(left()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "ABSTRACT")
    void closeLeavesAFileThatIsNotItsOwn(Kind kind) throws Exception {
        Address address = kind.address(directory);
        Path file = Path.of(address.target());
        try (UnixListener listener = transport.listen(address)) {
            Files.delete(file);
            try (UnixListener successor = transport.listen(listener.address())) {
                listener.close();
                assertThat(file).exists();
                transport.connect(successor.address(), Duration.ZERO).close();
            }
        }
        assertThat(left()).isEmpty();
    }

    @Test
    void aFileThatIsNoSocketIsRefusedAndKept() throws Exception {
        Path file = Files.writeString(directory.resolve("precious"), "text");
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        for (Path path : List.of(file, link, Files.createDirectory(directory.resolve("d")))) {
            assertThatThrownBy(() -> transport.listen(Address.parse(path.toString())))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(path.toString())
                    .hasMessageContaining("no socket");
            assertThat(path).exists();
        }
        assertThat(file).hasContent("text");
        assertThat(left()).hasSize(3);
    }

    @Test
    void aMissingDirectoryIsNamed() {
        assertThatThrownBy(() -> transport.listen(Address.parse(directory + "/missing/s")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("there is no directory " + directory.resolve("missing"));
    }

    @Test
    void aRelativePathIsMadeAbsolute() throws Exception {
        Path relative = Path.of("").toAbsolutePath().relativize(directory.toAbsolutePath());
        try (UnixListener listener = transport.listen(Address.parse("unix:" + relative + "/r"))) {
            assertThat(listener.address().target())
                    .isEqualTo(directory.resolve("r").toString());
            transport.connect(listener.address(), Duration.ZERO).close();
        }
    }

    @Test
    void aPathThatIsTooLongIsRefusedWithItsLength() {
        Address address = pathOfLength(SocketName.MAX_PATH_BYTES + 1);
        for (Address each : List.of(address, Address.parse("unix:@" + address.target()))) {
            assertThatThrownBy(() -> transport.listen(each))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(each.toString())
                    .hasMessageContaining((SocketName.MAX_PATH_BYTES + 1) + " bytes")
                    .hasMessageContaining("shorter path");
        }
    }

    @Test
    void pathsUpToTheLimitWork() throws Exception {
        for (int length = SocketName.MAX_PATH_BYTES - 12; length <= SocketName.MAX_PATH_BYTES; length++) {
            Address address = pathOfLength(length);
            leaveDeadSocket(address);
            try (UnixListener listener = transport.listen(address)) {
                transport.connect(listener.address(), Duration.ZERO).close();
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(address.target()))))
                        .isEqualTo("rw-------");
            }
            try (Stream<Path> files = Files.list(Path.of(address.target()).getParent())) {
                assertThat(files).isEmpty();
            }
        }
    }

    @Test
    void aPathInALongDirectoryIsBoundElsewhereOrInPlace() throws Exception {
        Path deep = directory;
        while (deep.toString().length() < SocketName.MAX_PATH_BYTES - 3) {
            deep = Files.createDirectories(deep.resolve("d"
                    .repeat(Math.min(
                            20, SocketName.MAX_PATH_BYTES - 3 - deep.toString().length()))));
        }
        Address address = Address.parse(deep + "/s");
        String temporary = System.getProperty("java.io.tmpdir");
        for (String place : new String[] {temporary, "/dev/shm"}) {
            assumeThat(Path.of(place)).isDirectory();
            System.setProperty("java.io.tmpdir", place);
            try (UnixListener listener = transport.listen(address)) {
                transport.connect(listener.address(), Duration.ZERO).close();
                assertThatThrownBy(() -> transport.listen(address)).hasMessageContaining("address in use");
            } finally {
                System.setProperty("java.io.tmpdir", temporary);
            }
            leaveDeadSocket(address);
            assertThat(deep.resolve("s")).exists();
        }
    }

    @ParameterizedTest
    @EnumSource
    void closingFreesAllDescriptors(Kind kind) throws Exception {
        Pair.open(kind, directory).close(); // what is opened once and stays
        long before = Rounds.descriptors();
        for (int i = 0; i < 30; i++) {
            try (Pair pair = Pair.open(kind, directory)) {
                assertThat(pair.listener().accept(Duration.ofMillis(1))).isNull();
                assertThat(pair.client().receive((frame, owned) -> {}, Duration.ofMillis(1)))
                        .isZero();
                if (i % 3 == 0) {
                    Background<Void> sender = Background.start(() -> {
                        while (true) {
                            pair.server().send(ByteBuffer.allocate(100_000));
                        }
                    });
                    sender.awaitSelecting();
                    pair.client().close(); // its bytes are unread
                    assertThat(sender.failure()).isInstanceOf(IOException.class);
                }
            }
        }
        assertThat(Rounds.descriptors()).isLessThanOrEqualTo(before + 2); // a background thread may be about to leave
    }

    @ParameterizedTest
    @EnumSource
    void aFullBacklogIsWaitedFor(Kind kind) throws Exception {
        int somaxconn = Rounds.kernelSetting("net/core/somaxconn");
        int clients = Math.min(somaxconn, JdkSockets.BACKLOG) + 2; // the system takes one more than the backlog
        SocketName name = SocketName.of(kind.address(directory));
        try (UnixListener listener = transport.listen(name.address())) {
            List<UnixSocket> waiting = new ArrayList<>();
            for (UnixSocket socket = listener.sockets().connect(name); socket != null; ) {
                waiting.add(socket);
                socket = listener.sockets().connect(name);
            }
            assertThat(waiting.size()).isLessThanOrEqualTo(clients);
            assertThatThrownBy(() -> transport.connect(name.address(), Duration.ofMillis(5)))
                    .isInstanceOf(ConnectException.class);
            assertThatThrownBy(() -> transport.listen(name.address())).hasMessageContaining("address in use");
            Background<ChannelConnection> late = Background.start(() -> transport.connect(name.address(), Pair.LONG));
            for (int i = 0; i < waiting.size(); i++) {
                listener.accept(Pair.LONG).close();
            }
            late.result().close();
            waiting.forEach(UnixSocket::close);
        }
    }

    @Test
    void optionsThatNobodyKnowsAreRefused() {
        assertThatThrownBy(() -> transport.listen(Address.parse("unix:/tmp/s?provider=netty")))
                .hasMessageContaining("\"netty\"");
        assertThatThrownBy(() -> transport.listen(Address.parse("unix:/tmp/s?user=any")))
                .hasMessageContaining("\"user\"");
        assertThatThrownBy(() -> transport.listen(Address.parse("unix:@s?provider=jdk")))
                .hasMessageContaining("abstract");
    }

    private Address pathOfLength(int length) {
        String parent = directory.toString();
        return Address.parse(parent + "/" + "x".repeat(length - parent.length() - 1));
    }

    /** What a killed process leaves: the file of a socket on which nobody listens. */
    @Test
    void aPathThatIsNoneIsRefused() {
        assertThatThrownBy(() -> new UnixTransport().listen(Address.parse("unix:/a\0b")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no path");
    }

    private static void leaveDeadSocket(Address address) throws IOException {
        if (!address.target().startsWith("@")) {
            try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                dead.bind(UnixDomainSocketAddress.of(address.target()));
            }
        }
    }

    private List<Path> left() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }
}
