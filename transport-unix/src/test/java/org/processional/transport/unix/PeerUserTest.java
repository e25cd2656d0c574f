// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.unix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.processional.spi.Address;
import org.processional.spi.channel.ChannelConnection;

@Timeout(60)
final class PeerUserTest {
    private static final String NOBODY = "65534";

    @TempDir
    Path directory;

    @Test
    void theSameUserAndRootAreAllowed() {
        assertThat(new PeerUser("me", true, false, 0).isAllowed()).isTrue();
        assertThat(new PeerUser("root", false, true, 0).isAllowed()).isTrue();
        assertThat(new PeerUser("other", false, false, 0).isAllowed()).isFalse();
    }

    @Test
    void theOwnUserIsTheOwnerOfWhatWeMake() throws Exception {
        Path file = Files.createTempFile(directory, "own", null);
        assertThat(OwnUser.principal()).isEqualTo(Files.getOwner(file));
        assertThat(OwnUser.uid()).isEqualTo(OwnUser.uidOf(file));
        assertThat(OwnUser.isRoot(OwnUser.principal())).isEqualTo(OwnUser.uid() == 0);
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "ABSTRACT")
    void aForeignClientIsDroppedSilently(Kind kind) throws Exception {
        List<String> other = asOtherUser();
        open(directory, "rwxr-xr-x");
        UnixTransport transport = new UnixTransport();
        try (UnixListener listener = transport.listen(kind.address(directory))) {
            Path file = Path.of(listener.address().target());
            open(file, "rw-rw-rw-");
            try (Jvm stranger = startAs(other, "connect", file.toString())) {
                Background<ChannelConnection> accepting = Background.start(() -> listener.accept(Pair.LONG));
                assertThat(stranger.line()).isEqualTo("connected"); // to root, which everybody trusts
                try (ChannelConnection client = transport.connect(listener.address(), Pair.LONG);
                        ChannelConnection server = accepting.result()) {
                    Pair.sendAndFlush(client, java.nio.ByteBuffer.allocate(1));
                    assertThat(Pair.receiveOne(server)).hasSize(1); // it is ours that was accepted
                    assertThat(stranger.line()).startsWith("EOFException");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "ABSTRACT")
    void aForeignListenerIsRefusedAndItsUserNamed(Kind kind) throws Exception {
        List<String> other = asOtherUser();
        open(directory, "rwxrwxrwx");
        Path file = directory.resolve("foreign");
        try (Jvm stranger = startAs(other, "listen", file.toString())) {
            assertThat(stranger.line()).isEqualTo("listening");
            Address address = Address.parse("unix:" + file + (kind == Kind.JNR ? "?provider=jnr" : ""));
            assertThatThrownBy(() -> new UnixTransport().connect(address, Duration.ofSeconds(10)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("belongs to user " + (kind == Kind.JNR ? NOBODY : "nobody"));
        }
    }

    @Test
    void aDirectoryWithoutPermissionIsNamed() throws Exception {
        List<String> other = asOtherUser();
        open(directory, "rwxr-xr-x");
        Path file = directory.resolve("s");
        try (Jvm stranger = startAs(other, "roundtrip", file.toString())) {
            assertThat(stranger.line())
                    .contains("unix:" + file)
                    .contains("no permission")
                    .contains("a directory of your own");
        }
    }

    @Test
    void aSocketWithoutPermissionIsNamed() throws Exception {
        List<String> other = asOtherUser();
        open(directory, "rwxr-xr-x");
        try (UnixListener listener = new UnixTransport().listen(Kind.JDK.address(directory));
                Jvm stranger = startAs(other, "connect", listener.address().target())) {
            assertThat(stranger.line())
                    .contains("cannot connect to " + listener.address())
                    .contains("Permission denied");
        }
    }

    private static List<String> asOtherUser() throws IOException {
        assumeThat(OwnUser.uid()).isZero();
        assumeThat(Path.of("/usr/bin/setpriv")).isExecutable();
        return List.of("/usr/bin/setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");
    }

    /** Starts with copies of the classes, where the other user can read them. */
    private Jvm startAs(List<String> user, String... arguments) throws IOException {
        Path classes = Files.createDirectory(directory.resolve("classes"));
        List<String> places = new ArrayList<>();
        for (String place : Jvm.bareClassPath().split(":")) {
            Path copy = classes.resolve(Integer.toString(places.size()));
            copy(Path.of(place), copy);
            places.add(copy.toString());
        }
        try (Stream<Path> all = Files.walk(classes)) {
            for (Path each : all.toList()) {
                open(each, "rwxr-xr-x");
            }
        }
        return Jvm.start(user, String.join(":", places), List.of(), arguments);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Files.copy(each, to.resolve(from.relativize(each).toString()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static void open(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }
}
