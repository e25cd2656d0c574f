// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.shm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.processional.spi.Address;
import org.processional.spi.Connection;
import org.processional.spi.Listener;
import org.processional.spi.PollableTransport;

@Timeout(60)
final class ShmListenerTest {
    private final ShmTransport transport = new ShmTransport();

    @TempDir
    Path directory;

    @TempDir
    Path disk;

    @AfterEach
    void restore() {
        System.clearProperty(RingFile.DIRECTORY_PROPERTY);
    }

    @Test
    void aNameIsTheSamePlaceForBothEnds() throws Exception {
        Address address = Address.parse("shm:test-" + ProcessHandle.current().pid());
        try (Listener listener = transport.listen(address);
                Connection client = transport.connect(address, Duration.ZERO);
                Connection server = listener.accept(Pair.LONG)) {
            assertThat(listener.address().toString()).startsWith("shm:/").endsWith(address.target());
            assertThat(client.peer()).contains(address.target());
            assertThat(server.peer())
                    .isEqualTo("client 1 of " + listener.address() + ", process "
                            + ProcessHandle.current().pid());
            assertThatThrownBy(() -> transport.listen(address)).hasMessageContaining("address in use");
        }
        assertThatThrownBy(() -> transport.connect(address, Duration.ZERO)).isInstanceOf(ConnectException.class);
    }

    @Test
    void oddAddressesAreRefusedWithTheWayOut() {
        assertThatThrownBy(() -> transport.listen(Address.parse("shm:a/b"))).hasMessageContaining("shm:/tmp/server");
        assertThatThrownBy(() -> transport.listen(Address.parse("shm:/a\0b")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no path");
        assertThatThrownBy(() -> transport.listen(Address.parse("shm:.."))).hasMessageContaining("shm:/tmp/server");
        assertThatThrownBy(() -> transport.listen(Address.parse("shm:/tmp/x?ring=5000")))
                .hasMessageContaining("a power of two from 4096");
        assertThatThrownBy(() -> transport.listen(Address.parse("shm:/tmp/x?ring=lots")))
                .hasMessageContaining("a power of two from 4096");
        assertThatThrownBy(() -> transport.listen(Address.parse("shm:/tmp/x?rings=2")))
                .hasMessageContaining("ring=BYTES");
    }

    @Test
    void whoSaysNothingKeepsNobodyWaiting() throws Exception {
        PollableTransport sockets = SocketTransport.find();
        try (Listener listener = transport.listen(Pair.address(directory, 64 << 10))) {
            Address socket = Address.parse("unix:" + listener.address().target());
            try (Connection silent = sockets.connect(socket, Pair.LONG);
                    Connection client = transport.connect(listener.address(), Pair.LONG);
                    Connection server = listener.accept(Pair.LONG)) {
                assertThat(server).isNotNull();
                assertThat(silent.receive((frame, owned) -> {}, Duration.ZERO)).isZero();
                client.close();
            }
        }
    }

    @Test
    void theOldestOfTooManyGuestsIsSentAway() throws Exception {
        PollableTransport sockets = SocketTransport.find();
        List<Connection> silent = new ArrayList<>();
        try (Listener listener = transport.listen(Pair.address(directory, 64 << 10))) {
            Address socket = Address.parse("unix:" + listener.address().target());
            for (int i = 0; i <= ShmListener.MOST_GUESTS; i++) {
                silent.add(sockets.connect(socket, Pair.LONG));
                assertThat(listener.accept(Duration.ZERO)).isNull();
            }
            assertThatThrownBy(() -> silent.get(0).receive((frame, owned) -> {}, Pair.LONG))
                    .isInstanceOf(EOFException.class);
            for (Connection other : silent.subList(1, silent.size())) {
                assertThat(other.receive((frame, owned) -> {}, Duration.ZERO)).isZero();
            }
            try (Connection client = transport.connect(listener.address(), Pair.LONG);
                    Connection server = listener.accept(Pair.LONG)) {
                assertThat(server).isNotNull();
                client.close();
            }
        } finally {
            silent.forEach(Connection::close);
        }
    }

    @Test
    void nobodyWhoHasGreetedIsSentAwayHoweverManyCome() throws Exception {
        int count = ShmListener.MOST_GUESTS * 3 / 2;
        List<Connection> all = new ArrayList<>();
        try (Listener listener = transport.listen(Pair.address(directory, 64 << 10))) {
            for (int i = 0; i < count; i++) {
                all.add(transport.connect(listener.address(), Pair.LONG));
            }
            for (int i = 0; i < count; i++) {
                Connection server = listener.accept(Duration.ZERO);
                assertThat(server).as("client %d of %d", i, count).isNotNull();
                all.add(server);
            }
        } finally {
            all.forEach(Connection::close);
        }
    }

    @Test
    void whoSaysNothingIsSentAwayWhenItsTimeIsUp() throws Exception {
        PollableTransport sockets = SocketTransport.find();
        ShmAddress name = ShmAddress.of(Pair.address(directory, 64 << 10), sockets);
        try (Listener listener = new ShmListener(sockets, sockets.listen(name.socket()), name, Duration.ofMillis(500));
                Connection silent = sockets.connect(name.socket(), Pair.LONG)) {
            assertThat(listener.accept(Duration.ZERO)).isNull();
            assertThat(silent.receive((frame, owned) -> {}, Duration.ZERO)).isZero();
            assertThat(listener.accept(Duration.ofMillis(1500))).isNull();
            assertThatThrownBy(() -> silent.receive((frame, owned) -> {}, Pair.LONG))
                    .isInstanceOf(EOFException.class);
        }
        assertThat(ShmListener.GREETING).as("the one of docs/limits.md").isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void aSilentOneLeavesWhenTheListenerCloses() throws Exception {
        PollableTransport sockets = SocketTransport.find();
        Listener listener = transport.listen(Pair.address(directory, 64 << 10));
        Address socket = Address.parse("unix:" + listener.address().target());
        try (Connection silent = sockets.connect(socket, Pair.LONG)) {
            assertThat(listener.accept(Duration.ofMillis(5))).isNull();
            listener.close();
            assertThatThrownBy(() -> silent.receive((frame, owned) -> {}, Pair.LONG))
                    .isInstanceOf(EOFException.class);
        }
    }

    @Test
    void whoSpeaksOtherwiseIsToldSoAndTheNextIsServed() throws Exception {
        PollableTransport sockets = SocketTransport.find();
        try (Listener listener = transport.listen(Pair.address(directory, 64 << 10))) {
            Address socket = Address.parse("unix:" + listener.address().target());
            for (int bytes : new int[] {0, 1, 32, 5_000}) {
                try (Connection stranger = sockets.connect(socket, Pair.LONG)) {
                    stranger.send(ByteBuffer.allocate(bytes));
                    stranger.flush();
                    assertThat(listener.accept(Duration.ofMillis(5))).isNull();
                    String[] reason = {null};
                    stranger.receive((frame, owned) -> reason[0] = Greeting.reason(frame), Pair.LONG);
                    assertThat(reason[0]).contains("no client for those");
                }
            }
            try (Connection client = transport.connect(listener.address(), Pair.LONG);
                    Connection server = listener.accept(Pair.LONG)) {
                assertThat(server.peer()).startsWith("client 1 of ");
                assertThat(client.peer()).isEqualTo(listener.address().toString());
            }
        }
    }

    @Test
    void whoSharesNoMemoryLearnsWhyItWasRefused() throws Exception {
        System.setProperty(RingFile.DIRECTORY_PROPERTY, disk.toString());
        try (Listener listener = transport.listen(Pair.address(directory, 64 << 10));
                Connection client = transport.connect(listener.address(), Pair.LONG)) {
            File[] files = disk.toFile().listFiles();
            assertThat(files).hasSize(1);
            Files.move(files[0].toPath(), disk.resolve("elsewhere"));
            assertThat(listener.accept(Duration.ofMillis(5))).isNull();
            assertThatThrownBy(() -> client.receive((frame, owned) -> {}, Pair.LONG))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("refused the connection")
                    .hasMessageContaining("Use unix:");
        }
    }

    @Test
    void theFileIsOursAloneAndGoneOnceItIsMapped() throws Exception {
        System.setProperty(RingFile.DIRECTORY_PROPERTY, disk.toString());
        try (Listener listener = transport.listen(Pair.address(directory, 64 << 10))) {
            try (Connection client = transport.connect(listener.address(), Pair.LONG)) {
                File[] files = disk.toFile().listFiles();
                assertThat(files).hasSize(1);
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files[0].toPath())))
                        .isEqualTo("rw-------");
                assertThat(files[0]).hasSize(RingFormat.fileBytes(64 << 10));
                try (Connection server = listener.accept(Pair.LONG)) {
                    assertThat(disk).isEmptyDirectory();
                    assertThat(server.maxFrameBytes()).isEqualTo(client.maxFrameBytes());
                }
            }
            transport.connect(listener.address(), Pair.LONG).close(); // and nobody accepts
            assertThat(disk).isNotEmptyDirectory();
        }
    }

    @Test
    void aFileIsDeletedIfTheListenerEndsBeforeItAccepts() throws Exception {
        System.setProperty(RingFile.DIRECTORY_PROPERTY, disk.toString());
        Listener listener = transport.listen(Pair.address(directory, 64 << 10));
        try (Connection client = transport.connect(listener.address(), Pair.LONG)) {
            listener.close();
            assertThatThrownBy(() -> client.receive((frame, owned) -> {}, Pair.LONG))
                    .isInstanceOf(EOFException.class);
        }
        assertThat(disk).isEmptyDirectory();
    }

    @Test
    void whatTheDeadLeftIsSweptAndNothingElse() throws Exception {
        ProcessMark own = ProcessMark.own();
        Process gone = new ProcessBuilder("true").start();
        assertThat(gone.waitFor(30, TimeUnit.SECONDS)).isTrue();
        Path dead = make(new ProcessMark(own.space(), gone.pid(), 5) + "-1");
        Path reused = make(new ProcessMark(own.space(), own.pid(), own.start() + 1) + "-1");
        Path living = make(own + "-1");
        Path foreign = make(new ProcessMark(own.space() + 1, gone.pid(), 5) + "-1");
        Path odd = make("x-y");
        Path other = Files.createFile(disk.resolve("other-" + own.space() + "-" + gone.pid() + "-5-1"));
        RingFile.sweep(disk.toFile());
        assertThat(dead).doesNotExist();
        assertThat(reused).doesNotExist();
        assertThat(living).exists();
        assertThat(foreign).exists();
        assertThat(odd).exists();
        assertThat(other).exists();
    }

    private Path make(String mark) throws IOException {
        return Files.createFile(disk.resolve("processional-ring-" + mark));
    }

    @Test
    void withoutARamDiskTheWayOutIsNamed() throws Exception {
        System.setProperty(RingFile.DIRECTORY_PROPERTY, disk.resolve("none").toString());
        assertThat(transport.unavailable()).get().asString().contains("no RAM disk");
        try (Listener listener = transport.listen(Pair.address(directory, 64 << 10))) {
            assertThatThrownBy(() -> transport.connect(listener.address(), Pair.LONG))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("no RAM disk")
                    .hasMessageContaining("use unix:" + listener.address().target());
        }
        System.clearProperty(RingFile.DIRECTORY_PROPERTY);
        assertThat(transport.unavailable()).isEmpty();
        assertThat(transport.maxFrameBytes()).hasValue(ShmConnection.MAX_FRAME_BYTES);
    }

    /** A disk that is full: the kernel counts what a file system was given, so this needs root; else a limit of files. */
    @Test
    void aFullDiskIsAnExceptionThatNamesTheWayOut() throws Exception {
        try (Jvm peer = Jvm.startOnFullDisk(disk)) {
            assertThat(peer.line()).isEqualTo("listening");
            String line = peer.line();
            assertThat(line)
                    .startsWith("IOException: no shared memory for shm:")
                    .contains("?ring=BYTES, or use unix:");
            assertThat(peer.line()).isEqualTo("left behind: 0");
        }
    }
}
