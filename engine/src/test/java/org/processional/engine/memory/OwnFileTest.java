// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.processional.SharedMemoryException;

/** All can write to the folder of shared memory: what lies there need not be ours. */
@Timeout(60)
class OwnFileTest {
    @TempDir
    Path folder;

    private static Path withMode(Path file, String mode) throws IOException {
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private static Path inDirectory(String name) {
        return SegmentNames.DIRECTORY.resolve(SegmentNames.PREFIX + name + "-" + System.nanoTime());
    }

    @Test
    void aFileOfThisUserAloneIsOpened() throws IOException {
        Path file = withMode(Files.writeString(folder.resolve("own"), "own"), "rw-------");
        try (FileChannel channel = OwnFile.open(file)) {
            assertThat(channel.size()).isEqualTo(3);
        }
        Files.delete(file);
        assertThatThrownBy(() -> OwnFile.open(file)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void whatOthersCanUseOrLeadsElsewhereIsNot() throws IOException {
        Path open = withMode(Files.createFile(folder.resolve("open")), "rw-rw-rw-");
        Path target = withMode(Files.createFile(folder.resolve("target")), "rw-------");
        Path link = Files.createSymbolicLink(folder.resolve("link"), target);
        Path directory = withMode(Files.createDirectory(folder.resolve("directory")), "rwx------");
        for (Path each : new Path[] {open, link, directory}) {
            assertThatThrownBy(() -> OwnFile.open(each))
                    .isInstanceOf(SharedMemoryException.class)
                    .hasMessageContaining(each + " is no file of this user alone");
        }
    }

    @Test
    void theTargetOfALinkWithANameOfOursStaysAsItIs() throws IOException {
        Path precious = withMode(Files.writeString(folder.resolve("precious"), "precious"), "rw-------");
        Path link = Files.createSymbolicLink(inDirectory("link"), precious);
        try {
            boolean unused = Leftovers.removeAll(file -> !file.equals(link));
            assertThat(precious).hasContent("precious");
            assertThat(Leftovers.remove(link)).isFalse();
            assertThat(precious).hasContent("precious");
        } finally {
            Files.delete(link);
        }
    }

    @Test
    void memoryThatOthersCanUseIsRefusedUnderItsName() throws IOException {
        Path file = SegmentNames.named("open-" + System.nanoTime());
        withMode(Files.createFile(file), "rw-rw-rw-");
        try {
            String name = file.getFileName().toString().substring((SegmentNames.PREFIX + "named-").length());
            assertThatThrownBy(() -> Segments.named(name, 8))
                    .isInstanceOf(SharedMemoryException.class)
                    .hasMessageContaining("is no file of this user alone");
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void whatThisProcessHasOpenIsNotLookedAt() throws IOException {
        Path file = withMode(Files.createFile(inDirectory("open")), "rw-------"); // as of another engine of this JVM
        try (FileChannel open = OwnFile.open(file);
                FileLock lock = open.lock(0, 1, true)) { // so that other processes leave it alone
            assertThat(lock.isShared()).isTrue();
            boolean unused = Leftovers.removeAll(other -> !other.equals(file));
            assertThat(file).exists();
            assertThat(open.size()).as("nor was it marked").isZero();
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
