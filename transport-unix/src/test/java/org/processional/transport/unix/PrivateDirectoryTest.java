// SPDX-License-Identifier: Apache-2.0
package org.processional.transport.unix;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.processional.spi.Address;

@Timeout(60)
final class PrivateDirectoryTest {
    @TempDir
    Path place;

    @Test
    void freshAddressesDifferAndCanBeListenedAt() throws Exception {
        UnixTransport transport = new UnixTransport();
        Set<Address> addresses = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            Address address = transport.freshAddress();
            assertThat(addresses.add(address)).isTrue();
            assertThat(SocketName.of(address).path().getParent()).isDirectory();
        }
        Address address = addresses.iterator().next();
        try (UnixListener listener = transport.listen(address)) {
            transport.connect(listener.address(), Pair.LONG).close();
        }
        assertThat(Path.of(address.target())).doesNotExist();
    }

    @Test
    void theRuntimeDirectoryIsPreferredIfItIsPrivate() throws Exception {
        Path runtime = Files.createDirectory(place.resolve("run"), OwnerOnly.DIRECTORY);
        Path path = PrivateDirectory.freshPath(runtime.toString(), place);
        assertThat(path.getParent()).isEqualTo(runtime.resolve("processional"));
        assertThat(mode(path.getParent())).isEqualTo("rwx------");
        Files.setPosixFilePermissions(runtime, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(PrivateDirectory.freshPath(runtime.toString(), place).startsWith(runtime))
                .isFalse();
    }

    @Test
    void withoutARuntimeDirectoryThePlaceForTemporaryFilesIsTaken() throws Exception {
        for (String runtime : new String[] {null, "", "relative", "/nonexistent"}) {
            Path path = PrivateDirectory.freshPath(runtime, place);
            assertThat(path.getParent().getParent()).isEqualTo(place);
            assertThat(path.getParent().getFileName().toString()).isEqualTo("processional-" + OwnUser.principal());
            assertThat(mode(path.getParent())).isEqualTo("rwx------");
        }
    }

    @Test
    void aPlaceWhosePathIsTooLongForSocketsIsNotTaken() throws Exception {
        Path deep = Files.createDirectories(place.resolve("d".repeat(50)).resolve("e".repeat(50)));
        Path path = PrivateDirectory.freshPath(null, deep);
        assertThat(SocketName.fits(path)).isTrue();
        assertThat(path.startsWith("/tmp")).isTrue();
        assertThat(deep).isEmptyDirectory();
    }

    @Test
    void aDirectoryThatIsOpenToOthersIsNotUsed() throws Exception {
        Path taken = Files.createDirectory(place.resolve("processional-" + OwnUser.principal()));
        Files.setPosixFilePermissions(taken, PosixFilePermissions.fromString("rwxrwxrwx"));
        checkSingle(PrivateDirectory.freshPath(null, place), taken);
    }

    @Test
    void aLinkIsNotUsed() throws Exception {
        Path own = Files.createDirectory(place.resolve("own"), OwnerOnly.DIRECTORY);
        Path taken = Files.createSymbolicLink(place.resolve("processional-" + OwnUser.principal()), own);
        checkSingle(PrivateDirectory.freshPath(null, place), taken);
    }

    private static void checkSingle(Path path, Path taken) throws Exception {
        assertThat(path.getParent()).isNotEqualTo(taken);
        assertThat(mode(path.getParent())).isEqualTo("rwx------");
        UnixListener listener = new UnixTransport().listen(Address.parse(path.toString()));
        assertThat(path).exists();
        listener.close();
        assertThat(path.getParent()).doesNotExist();
    }

    @Test
    void deadSocketsOfDeadProcessesAreSwept() throws Exception {
        long dead = Rounds.kernelSetting("kernel/pid_max") + 1;
        long self = ProcessHandle.current().pid();
        Path swept = deadSocket(dead + "-1-a");
        Path ownersLives = deadSocket(self + "-1-a");
        Path noSocket = Files.createFile(place.resolve(dead + "-2-a"));
        Path otherName = deadSocket("name");
        Path live = place.resolve(dead + "-3-a");
        try (UnixListener listener = new UnixTransport().listen(Address.parse(live.toString()))) {
            PrivateDirectory.sweep(place);
            assertThat(swept).doesNotExist();
            try (Stream<Path> left = Files.list(place)) {
                assertThat(left).containsExactlyInAnyOrder(ownersLives, noSocket, otherName, live);
            }
            new UnixTransport().connect(listener.address(), Pair.LONG).close();
        }
    }

    @Test
    void whatWasForMomentsAndIsOldIsSwept() throws Exception {
        FileTime old = FileTime.from(Instant.now().minus(Duration.ofHours(2)));
        Path newLock = Files.createFile(place.resolve(".1-1-a.lock"));
        Path newFolder = Files.createDirectory(place.resolve(".abcde"));
        Files.setLastModifiedTime(Files.createFile(place.resolve(".1-2-a.lock")), old);
        Path folder = Files.createDirectory(place.resolve(".fghij"));
        Files.createFile(folder.resolve("s"));
        Files.setLastModifiedTime(folder, old);
        PrivateDirectory.sweep(place);
        try (Stream<Path> left = Files.list(place)) {
            assertThat(left).containsExactlyInAnyOrder(newLock, newFolder);
        }
    }

    private Path deadSocket(String name) throws Exception {
        Path path = place.resolve(name);
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(path));
        }
        return path;
    }

    private static String mode(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
