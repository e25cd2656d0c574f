// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.processional.SharedMemoryException;
import org.processional.engine.testing.ChildJvm;
import org.processional.engine.testing.Rounds;
import org.processional.spi.MappableMemory;

/** Files of segments whose makers die, or are taken for dead. */
@Timeout(60)
class SegmentFileTest {
    private static final String FOLDER = "processional.test.folder";
    private static final String END = "end";

    @TempDir
    Path folder;

    @Test
    void whatAMakerLeftThatDiedBeforeItHadTheLockIsRemoved() throws IOException {
        Path file = Files.createFile(
                folder.resolve("left"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        assertThat(SegmentFile.removeIfDead(file)).isTrue();
        assertThat(file).doesNotExist();
    }

    @Test
    void whatDoesNotFitTakesNothingOfWhatIsFree() {
        Path path = folder.resolve("vast");
        long vast = folder.toFile().getTotalSpace() * 2;
        AtomicInteger written = new AtomicInteger();
        assertThatThrownBy(() -> SegmentFile.create(path, vast, (to, begin) -> written.incrementAndGet(), 0))
                .isInstanceOf(SharedMemoryException.class)
                .hasMessageContaining("no room for " + vast + " bytes");
        assertThat(written).hasValue(0);
        assertThat(path).doesNotExist();
    }

    @Test
    void anInterruptWhileItIsMappedTakesNoLockAway() throws IOException {
        Path path = folder.resolve("interrupted");
        SegmentFile file = SegmentFile.create(path, 8, SegmentFile.Content.NONE, 0);
        AtomicInteger tries = new AtomicInteger();
        MappableMemory.Mapping<ByteBuffer> mapping = (channel, offset, length) -> {
            if (tries.incrementAndGet() == 1) {
                Thread.currentThread().interrupt();
            }
            return channel.map(FileChannel.MapMode.READ_WRITE, offset, length).put(0, (byte) 7);
        };
        Thread.currentThread().interrupt(); // before, and in the middle of it
        assertThat(file.mapWith(mapping, 0, 8).get(0)).isEqualTo((byte) 7);
        assertThat(tries).hasValue(2);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(file.map(0, 8).get(0)).isEqualTo((byte) 7);
        assertThat(SegmentFile.removeIfDead(path)).isFalse();
        assertThat(path).exists();
        file.leave();
        assertThat(path).doesNotExist();
        assertThatThrownBy(() -> file.map(0, 8)).isInstanceOf(SharedMemoryException.class);
    }

    @Test
    void anInterruptWhileItIsOverwrittenTakesNoLockAway() throws IOException {
        Path path = folder.resolve("overwritten");
        SegmentFile file = SegmentFile.create(path, 8, SegmentFile.Content.NONE, 0);
        AtomicInteger tries = new AtomicInteger();
        file.overwrite((to, begin) -> {
            if (tries.incrementAndGet() == 1) {
                Thread.currentThread().interrupt();
            }
            return begin + to.write(ByteBuffer.wrap(new byte[] {7}), begin);
        });
        assertThat(tries).hasValue(2);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(file.map(0, 8).get(0)).isEqualTo((byte) 7);
        assertThat(SegmentFile.removeIfDead(path)).isFalse();
        file.leave();
        assertThat(path).doesNotExist();
    }

    private static void closeChannel(SegmentFile file) throws IOException { // as an interrupt does
        file.mapWith(
                (channel, offset, length) -> {
                    channel.close();
                    return length;
                },
                0,
                8);
    }

    @Test
    void whoLeavesWhatAnInterruptHadClosedRemovesIt() throws IOException {
        Path path = folder.resolve("closed");
        SegmentFile file = SegmentFile.create(path, 8, SegmentFile.Content.NONE, 0);
        closeChannel(file);
        file.leave();
        assertThat(path).doesNotExist();
    }

    @Test
    void whoWasTakenForDeadCannotOverwriteAndLeavesQuietly() throws IOException {
        Path path = folder.resolve("taken");
        SegmentFile file = SegmentFile.create(path, 8, SegmentFile.Content.NONE, 0);
        closeChannel(file);
        assertThat(SegmentFile.removeIfDead(path)).isTrue();
        assertThatThrownBy(() -> file.overwrite(SegmentFile.Content.NONE)).isInstanceOf(NoSuchFileException.class);
        file.leave();
        assertThat(path).doesNotExist();
    }

    /** Another process removes what has no lock, as fast as it can. */
    static class Remover {
        public static void main(String[] arguments) throws IOException {
            Path folder = Path.of(System.getProperty(FOLDER));
            int removed = 0;
            while (!Files.exists(folder.resolve(END))) {
                try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "segment*")) {
                    for (Path file : files) {
                        removed += removed(file) ? 1 : 0;
                    }
                }
            }
            System.out.println("removed " + removed);
        }

        private static boolean removed(Path file) throws IOException {
            try {
                return SegmentFile.removeIfDead(file);
            } catch (NoSuchFileException e) {
                return false; // its holder has left
            }
        }
    }

    @Test
    void aMakerThatIsTakenForDeadMakesAnother() throws Exception {
        CompletableFuture<String> remover = CompletableFuture.supplyAsync(() -> {
            try {
                return ChildJvm.run(Remover.class, "-D" + FOLDER + "=" + folder);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        try {
            for (int i = 0; i < Rounds.of(20_000); i++) {
                Path path = folder.resolve("segment" + i);
                SegmentFile file =
                        SegmentFile.create(path, 3, SegmentFile.Content.of(ByteBuffer.wrap(new byte[] {1, 2, 3})), 0);
                assertThat(path).exists();
                assertThat(file.header().isValid()).isTrue();
                assertThat(file.header().isRemoved()).isFalse();
                file.leave(); // or the other removes it, where it was looking
            }
            await().until(() -> folder.toFile().list().length == 0);
        } finally {
            Files.createFile(folder.resolve(END));
        }
        assertThat(remover.get(60, TimeUnit.SECONDS)).contains("removed ");
    }
}
