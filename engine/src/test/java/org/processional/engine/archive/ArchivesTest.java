// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ArchivesTest {
    private static final int BYTES = 1000;

    @TempDir
    Path parent;

    private Path folder;
    private Archives archives;
    private final AtomicInteger trained = new AtomicInteger();

    @BeforeEach
    void choose() {
        folder = parent.resolve("archives");
        archives = archives(1 << 20);
    }

    private Archives archives(long limit) {
        return new Archives(new ArchiveFolder(folder, limit));
    }

    private static ArchiveKey key(String name) {
        return new ArchiveKey(name, ArchiveKind.APP_CDS, List.of(), List.of());
    }

    private boolean train(Path file) throws IOException {
        trained.incrementAndGet();
        Files.write(file, new byte[BYTES]);
        return true;
    }

    /** Reports a start, and waits until all that follows from it is done. */
    private static void start(Archives archives, ArchiveKey key, Archives.Trainer trainer) {
        archives.started(key, trainer);
        awaitIdle();
    }

    private static void awaitIdle() {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("processional-archive-")));
    }

    private void startThrice(ArchiveKey key) {
        for (int i = 0; i < 3; i++) {
            start(archives, key, this::train);
        }
    }

    @Test
    void oneIsMadeAfterTheThirdStart() {
        ArchiveKey key = key("a");
        start(archives, key, this::train);
        start(archives, key, this::train);
        assertThat(trained).hasValue(0);
        assertThat(archives.flags(key)).isEmpty();
        start(archives, key, this::train);
        assertThat(archives.flags(key)).contains("-XX:SharedArchiveFile=" + folder.resolve("a.jsa"));
        start(archives, key, this::train);
        assertThat(trained).hasValue(1);
    }

    @Test
    void startsOfOtherProcessesCount() {
        for (int i = 0; i < 3; i++) {
            start(archives(1 << 20), key("a"), this::train);
        }
        assertThat(trained).hasValue(1);
    }

    @Test
    void twoMastersMakeOne() throws Exception {
        ArchiveKey key = key("a");
        Archives other = archives(1 << 20);
        start(archives, key, this::train);
        start(archives, key, this::train);
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        archives.started(key, file -> {
            inside.countDown();
            go.await();
            return train(file);
        });
        inside.await();
        for (int i = 0; i < 9; i++) { // at the sixth and the twelfth it would try
            other.started(key, this::train);
            await().until(() -> Thread.getAllStackTraces().keySet().stream()
                            .filter(thread -> thread.getName().startsWith("processional-archive-"))
                            .count()
                    == 1);
        }
        assertThat(trained).hasValue(0);
        go.countDown();
        awaitIdle();
        assertThat(trained).hasValue(1);
        assertThat(other.flags(key)).isNotEmpty();
    }

    @Test
    void aFailureIsNotTriedAgain() {
        ArchiveKey key = key("a");
        Archives.Trainer failing = file -> {
            trained.incrementAndGet();
            return false;
        };
        for (int i = 0; i < 12; i++) {
            start(archives(1 << 20), key, failing);
        }
        assertThat(trained).hasValue(1);
    }

    /** Its master ends too soon each time, for example. */
    @Test
    void whatWasInterruptedIsTriedAgain() {
        ArchiveKey key = key("a");
        Archives.Trainer stopped = file -> {
            trained.incrementAndGet();
            throw new InterruptedException();
        };
        for (int i = 0; i < 12; i++) {
            start(archives(1 << 20), key, stopped);
        }
        assertThat(trained).hasValue(3);
    }

    @Test
    void aDamagedOneIsDeletedAndMadeAgain() throws IOException {
        ArchiveKey key = key("a");
        startThrice(key);
        byte[] damaged = new byte[BYTES];
        damaged[BYTES / 2] = 1;
        Files.write(folder.resolve("a.jsa"), damaged);
        archives.flags(key); // cheap, so it may be taken once
        awaitIdle();
        assertThat(folder.resolve("a.jsa")).doesNotExist();
        startThrice(key);
        assertThat(trained).hasValue(2);
        assertThat(archives.flags(key)).isNotEmpty();
        awaitIdle();
        assertThat(folder.resolve("a.jsa")).exists();
    }

    @Test
    void aShortOneIsNeverTaken() throws IOException {
        ArchiveKey key = key("a");
        startThrice(key);
        Files.write(folder.resolve("a.jsa"), new byte[BYTES - 1]);
        assertThat(archives.flags(key)).isEmpty();
        assertThat(folder.resolve("a.jsa")).doesNotExist();
    }

    @Test
    void whatOthersCanWriteToIsNotUsed() throws IOException {
        ArchiveKey key = key("a");
        startThrice(key);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(archives.flags(key)).isEmpty();
    }

    @Test
    void aFolderThatCannotBeMadeDisturbsNobody() throws IOException {
        Files.writeString(folder, "a file is in the way");
        startThrice(key("a"));
        assertThat(archives.flags(key("a"))).isEmpty();
        assertThat(trained).hasValue(0);
    }

    @Test
    void theFolderKeepsToItsLimit() throws IOException {
        archives = archives(3 * BYTES);
        for (String name : List.of("a", "b", "c", "d")) {
            startThrice(key(name));
            FileTime old = FileTime.fromMillis(
                    Files.getLastModifiedTime(folder.resolve(name + ".jsa")).toMillis() - 100_000 / name.charAt(0));
            Files.setLastModifiedTime(folder.resolve(name + ".jsa"), old); // the first the oldest
        }
        assertThat(folder.resolve("a.jsa")).doesNotExist();
        assertThat(folder.resolve("d.jsa")).exists();
        assertThat(archives.flags(key("a"))).isEmpty();
        assertThat(archives.flags(key("d"))).isNotEmpty();
    }
}
